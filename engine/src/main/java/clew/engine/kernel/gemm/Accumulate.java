package clew.engine.kernel.gemm;

/// Whether a product replaces what its output held or is added to it.
public enum Accumulate { SET, ADD }
