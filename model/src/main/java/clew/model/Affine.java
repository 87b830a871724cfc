package clew.model;

import clew.engine.tensor.Tensor;

/// The parameters of one LayerNorm: weight and bias `[D]`.
public record Affine(Tensor weight, Tensor bias, double eps) {}
