package clew.bench;

import clew.engine.tensor.DType;
import clew.model.Synthetic;
import java.nio.file.Path;

/// Writes a checkpoint of a real shape with random weights: `SyntheticModel gpt2-small|llama-1b f32|bf16|f16 DIR`.
public final class SyntheticModel {
    private SyntheticModel() {}

    public static void main(String[] args) {
        var dtype = DType.valueOf(args[1].toUpperCase());
        var shape = switch (args[0]) {
            case "gpt2-small" -> Synthetic.gpt2Small(dtype);
            case "llama-1b"   -> Synthetic.llama1b(dtype);
            default -> throw new IllegalArgumentException("shape " + args[0] + ": gpt2-small or llama-1b");
        };
        shape.write(Path.of(args[2]));
    }
}
