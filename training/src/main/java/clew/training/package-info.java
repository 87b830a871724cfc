/// How to train a model with the engine: [Parameters] are made, a [Trainer] steps them over [Batches].
///
/// Depends on the model; nothing of the core depends on it.
package clew.training;
