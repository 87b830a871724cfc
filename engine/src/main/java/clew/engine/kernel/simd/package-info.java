/// The loops of the float32 device on the Vector API, one file per question; `SimdKernels` calls them.
///
/// Depends on `clew.engine.tensor` and `clew.engine.kernel.gemm`, on enums, `Heads` and `Workers` of
/// `clew.engine.kernel`, and on the Vector API.
/// A loop sees plain `float[]`, takes its bounds as arguments and never asks what kind of storage it has.
/// Where order matters (sums), the order is written out: the Vector API leaves that of `reduceLanes` open.
package clew.engine.kernel.simd;
