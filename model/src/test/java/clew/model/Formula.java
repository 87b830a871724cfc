package clew.model;

import clew.engine.tensor.Shape;
import clew.engine.tensor.Tensor;
import clew.weights.TensorSource;
import clew.weights.WeightsException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;

/// Weights that are a formula of name and index, as `docs/golden/families.py` has it: whatever is asked for is there.
final class Formula implements TensorSource {
    private static final long LARGEST = 1 << 22;

    final Map<String, int[]> asked = new LinkedHashMap<>();

    @Override
    public String origin() {
        return "formula";
    }

    @Override
    public boolean has(String name) {
        return true;
    }

    @Override
    public Tensor tensor(String name, int... dims) {
        var shape = Shape.of(dims);
        if (shape.size() > LARGEST || asked.size() > 1000)
            throw new WeightsException("tensor '" + name + "' is larger than any here");
        asked.put(name, dims);
        return Tensor.of(values(name, (int) shape.size()), dims);
    }

    /// The low 32 bits of `(crc32(name) + i) · 2654435761`, mixed, as a fraction in ±0.75.
    static float[] values(String name, int size) {
        var crc = new CRC32();
        crc.update(name.getBytes(StandardCharsets.UTF_8));
        var values = new float[size];
        for (int i = 0; i < size; i++) {
            int x = (int) ((crc.getValue() + i) * 2654435761L);
            x = (x ^ x >>> 15) * (int) 2246822519L;
            x ^= x >>> 13;
            values[i] = (float) ((Integer.toUnsignedLong(x) / 0x1p32 - 0.5) * 1.5);
        }
        return values;
    }
}
