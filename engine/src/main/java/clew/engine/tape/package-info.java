/// Recording a forward pass and reading it backwards: [Tape], [Value], [Pull], [Cotangents].
///
/// Depends on tensors, kernels and rules. A backward returns; it never writes into tensors.
package clew.engine.tape;
