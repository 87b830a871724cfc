/// The loops of the float32 device in plain Java, for the first work of a process: the bits of those on the Vector API.
///
/// A vector that is not compiled yet costs a hundred times a number: the interpreter boxes every one. These loops run
/// well from the first call, and are short enough to be compiled soon. `WarmingKernels` calls them and says until when.
/// Where the vectors' lanes or blocks set the order of a sum, the order here is theirs.
/// Depends on `clew.engine.tensor`, on enums and records of `clew.engine.kernel`, on `Floats` of the vectors' package
/// and on the size of a vector.
package clew.engine.kernel.plain;
