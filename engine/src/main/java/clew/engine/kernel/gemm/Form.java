package clew.engine.kernel.gemm;

/// Which operand of a small product is transposed: `A·Bᵀ` (scores), `A·B` (mixing), `Aᵀ·B` (cotangents of keys and
/// values).
public enum Form { A_BT, A_B, AT_B }
