/// Matrix products at the machine's speed, with weights read where they lie: [Gemm] is the door.
///
/// One kernel class per register tile, all on `float[]`; weights of other types or in a mapped file are widened block
/// by
/// block into scratch that fits the cache, never copied as a whole. Depends on `clew.engine.tensor` and
/// [clew.engine.kernel.Workers].
package clew.engine.kernel.gemm;
