package clew.training;

import clew.engine.tensor.Tensor;
import java.util.IdentityHashMap;
import java.util.Map;

/// Adam with decoupled weight decay (Loshchilov & Hutter 2019, algorithm 2):
///
/// `m ← β₁m + (1−β₁)g`, `v ← β₂v + (1−β₂)g²`, `w ← w − η(m̂/(√v̂ + ε) + λw)`, with `m̂ = m/(1−β₁ᵗ)`, `v̂ = v/(1−β₂ᵗ)`.
///
/// λ applies to matrices only; norms and biases are not decayed.
public final class AdamW {
    /// @param beta1  β₁
    /// @param beta2  β₂
    /// @param eps    ε
    /// @param decay  λ
    public record Options(double beta1, double beta2, double eps, double decay) {
        /// β = (0.9, 0.99), ε = 1e-8, λ = 0.1.
        public Options() {
            this(0.9, 0.99, 1e-8, 0.1);
        }
    }

    /// First and second moments of one weight.
    record Moments(float[] m, float[] v) {}

    private final Options options;
    private final Map<float[], Moments> moments = new IdentityHashMap<>();
    private int steps;

    public AdamW(Options options) {
        this.options = options;
    }

    /// By the array, since a family may see a weight in another shape than its file.
    Moments moments(Tensor weight) {
        return moments.computeIfAbsent(Parameters.array(weight),
            w -> new Moments(new float[w.length], new float[w.length]));
    }

    int steps() {
        return steps;
    }

    void resume(int stepsTaken) {
        steps = stepsTaken;
    }

    /// One step at learning rate `rate`, gradients multiplied by `scale` first; weights in the shape of their file.
    public void step(Map<Tensor, Tensor> gradients, double rate, double scale) {
        steps++;
        double c1 = 1 - Math.pow(options.beta1, steps), c2 = 1 - Math.pow(options.beta2, steps);
        gradients.forEach((weight, gradient) -> {
            var state = moments(weight);
            var decay = weight.shape().rank() > 1 ? options.decay : 0;
            update(Parameters.array(weight), Parameters.array(gradient), state.m, state.v, rate, decay, scale, c1, c2);
        });
    }

    private void update(float[] w, float[] g, float[] m, float[] v, double rate, double decay, double scale,
            double c1, double c2) {
        float b1 = (float) options.beta1, b2 = (float) options.beta2, eps = (float) options.eps, s = (float) scale;
        float size = (float) (rate / c1), root = (float) (1 / Math.sqrt(c2)), keep = (float) (1 - rate * decay);
        for (int i = 0; i < w.length; i++) {
            float d = s * g[i];
            m[i] = b1 * m[i] + (1 - b1) * d;
            v[i] = b2 * v[i] + (1 - b2) * d * d;
            w[i] = keep * w[i] - size * m[i] / ((float) Math.sqrt(v[i]) * root + eps);
        }
    }
}
