package clew.model;

import clew.engine.tensor.Tensor;

/// The parameters of one RMSNorm, whose gain is `weight + offset`.
///
/// @param weight `[D]`, or `[d]` for a norm of every head
/// @param offset 0, or 1 as Gemma has it
public record Gain(Tensor weight, double offset, double eps) {}
