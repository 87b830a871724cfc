package clew.engine.kernel.gemm;

/// `w`, `max(w, 0)` or `min(w, 0)`: the part of each weight that a product uses, taken while the weight is read.
public enum Part { ALL, POSITIVE, NEGATIVE }
