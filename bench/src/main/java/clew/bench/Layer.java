package clew.bench;

/// A linear layer of a real model, inputs to outputs.
public enum Layer {
    /// GPT-2 small's queries, keys and values in one.
    GPT2_QKV(768, 2304),
    /// GPT-2 small's MLP, outwards.
    GPT2_UP(768, 3072),
    /// GPT-2 small's MLP, inwards.
    GPT2_DOWN(3072, 768),
    /// GPT-2 small's vocabulary projection.
    GPT2_HEAD(768, 50257),
    /// Llama-3.2-1B's queries, and attention's output.
    LLAMA_QO(2048, 2048),
    /// Llama-3.2-1B's gate, and its MLP outwards.
    LLAMA_UP(2048, 8192),
    /// Llama-3.2-1B's MLP, inwards.
    LLAMA_DOWN(8192, 2048),
    /// Llama-3.2-1B's vocabulary projection.
    LLAMA_HEAD(2048, 128256);

    private final int in;
    private final int out;

    Layer(int in, int out) {
        this.in = in;
        this.out = out;
    }

    int in() {
        return in;
    }

    int out() {
        return out;
    }

    /// How many numbers its matrix holds.
    public long weights() {
        return (long) in * out;
    }
}
