/// Shapes, element types, storage and tensors: what is computed on.
///
/// Depends on nothing else in the engine. A tensor is never written to after the kernel that made it returns.
package clew.engine.tensor;
