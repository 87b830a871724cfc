package clew.bench;

import clew.engine.kernel.gemm.WeightView;
import clew.engine.tensor.DType;
import clew.engine.tensor.Storage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/// Random weights in a mapped temporary file, as a model's are.
final class MappedWeights {
    private MappedWeights() {}

    static WeightView of(DType dtype, int rows, int cols) {
        try {
            var file = Files.createTempFile("clew-bench", ".weights");
            try (var channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                var bytes = (long) rows * cols * dtype.bytes();
                var segment = channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, Arena.ofAuto());
                var random = new Random(0);
                for (long i = 0; i < (long) rows * cols; i++) {
                    var bits = Float.floatToRawIntBits(0.02f * (random.nextFloat() - 0.5f));
                    switch (dtype) {
                        case F32  -> segment.setAtIndex(ValueLayout.JAVA_INT, i, bits);
                        case BF16 -> segment.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (bits >> 16));
                        case F16  -> segment.setAtIndex(ValueLayout.JAVA_SHORT, i,
                                Float.floatToFloat16(Float.intBitsToFloat(bits)));
                        default   -> throw new IllegalArgumentException("no bench for weights of type " + dtype);
                    }
                }
                return new WeightView(new Storage.Mapped(segment.asReadOnly(), dtype), dtype, 0, rows, cols, cols);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
