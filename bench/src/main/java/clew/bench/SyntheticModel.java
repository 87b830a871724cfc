package clew.bench;

import java.nio.file.Path;

/// Writes a checkpoint of a real shape with random weights: `SyntheticModel gpt2-small|llama-1b f32|bf16|f16 DIR`.
public final class SyntheticModel {
    private SyntheticModel() {}

    public static void main(String[] args) {
        var name = args[1].equals("f32") ? args[0] : args[0] + "-" + args[1];
        BenchModels.shape(name).orElseThrow(() -> new IllegalArgumentException(
            "no shape " + name + ": gpt2-small or llama-1b, f32, bf16 or f16")).write(Path.of(args[2]));
    }
}
