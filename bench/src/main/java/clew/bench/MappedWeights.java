package clew.bench;

import clew.engine.kernel.gemm.WeightView;
import clew.engine.tensor.Coding;
import clew.engine.tensor.DType;
import clew.engine.tensor.Scales;
import clew.engine.tensor.Storage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/// Random weights in a mapped temporary file, as a model's are.
final class MappedWeights {
    private static final float LARGEST = 0.01f;

    private MappedWeights() {}

    static WeightView of(Format format, int rows, int cols) {
        var size = (long) rows * cols;
        return switch (format) {
            case F32, BF16, F16 -> new WeightView(plain(format, size), format.dtype(), 0, rows, cols, cols);
            case INT8, NF4      -> new WeightView(coded(format.coding(), size), DType.F32, 0, rows, cols, cols);
        };
    }

    private static Storage plain(Format format, long size) {
        var segment = mapped(size * format.dtype().bytes());
        var random = new Random(0);
        for (long i = 0; i < size; i++) {
            var value = LARGEST * (2 * random.nextFloat() - 1);
            switch (format) {
                case F32  -> segment.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
                case BF16 -> segment.setAtIndex(ValueLayout.JAVA_SHORT, i,
                        (short) (Float.floatToRawIntBits(value) >> 16));
                case F16  -> segment.setAtIndex(ValueLayout.JAVA_SHORT, i, Float.floatToFloat16(value));
                case INT8, NF4 -> throw new AssertionError(format);
            }
        }
        return new Storage.Mapped(segment.asReadOnly(), format.dtype());
    }

    private static Storage coded(Coding coding, long size) {
        var blocks = Coding.blocks(size);
        MemorySegment codes = mapped(blocks * coding.bytes()), scales = mapped(blocks * Float.BYTES);
        var random = new Random(0);
        for (long i = 0; i < codes.byteSize() / Integer.BYTES; i++)
            codes.setAtIndex(ValueLayout.JAVA_INT, i, random.nextInt());
        var scale = coding == Coding.INT8 ? LARGEST / 127 : LARGEST;
        for (long i = 0; i < blocks; i++) scales.setAtIndex(ValueLayout.JAVA_FLOAT, i, scale);
        return new Storage.Coded(coding, codes.asReadOnly(), new Scales.Plain(scales.asReadOnly()), size);
    }

    private static MemorySegment mapped(long bytes) {
        try {
            var file = Files.createTempFile("clew-bench", ".weights");
            try (var channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                return channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, Arena.ofAuto());
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
