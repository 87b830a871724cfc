package clew.engine.kernel.gemm;

/// Where one product of a batch starts in its arrays, and its extents: C is [m, n] and the sum runs over k.
///
/// So A is [m, k], or [k, m] in [Form#AT_B]; B is [k, n], or [n, k] in [Form#A_BT].
public record Product(int aOffset, int bOffset, int cOffset, int m, int n, int k) {}
