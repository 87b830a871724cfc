package clew.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import clew.cuda.Fake;
import clew.engine.tensor.Coding;
import clew.engine.tensor.DType;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Scales;
import clew.engine.tensor.Shape;
import clew.engine.tensor.Storage;
import clew.engine.tensor.Tensor;
import clew.engine.tensor.Weight;
import clew.engine.tensor.Weight.Layout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Products = scalar for weights of every type, whole and in part, through every kernel that may take them.
class CudaProductsTest {
    private static final double EPS = 0x1p-24;
    private static final Kernels SCALAR = new ScalarKernels();

    /// How weights may lie in a file.
    enum Kind { F64, F32, F16, BF16, INT8, NF4, NF4_TWICE }

    /// Rows, outputs, inputs: a decoding step, edges of the tiles of 32, 64 and 128, k in one piece and in several.
    private enum Extents {
        STEP(3, 40, 75), EDGE(9, 33, 17), TILES(70, 65, 130), DEEP(20, 40, 1100), LARGE(130, 129, 40);

        private final int rows, out, in;

        Extents(int rows, int out, int in) {
            this.rows = rows;
            this.out = out;
            this.in = in;
        }
    }

    @BeforeEach
    void onTheProcessor() {
        assumeTrue(Fake.obstacle().isEmpty(), () -> "skipped: " + Fake.obstacle().orElseThrow());
    }

    @ParameterizedTest
    @EnumSource
    void weightsOfEveryTypeOnFloatUnits(Kind kind) {
        agree(Fake.plain(), kind, 1);
    }

    @ParameterizedTest
    @EnumSource
    void weightsOfEveryTypeWithTensorCores(Kind kind) {
        agree(Fake.tensor(), kind, 1);
    }

    /// TF32 keeps eleven bits of each factor: 2⁻¹¹ instead of 2⁻²⁴, two factors.
    @ParameterizedTest
    @EnumSource
    void tf32IsAsGoodAsItsBits(Kind kind) {
        agree(Fake.rough(), kind, 0x1p14 / 6);
    }

    private static void agree(Kernels k, Kind kind, double loose) {
        for (var extents : Extents.values())
            for (var layout : Layout.values()) {
                var random = new SplittableRandom(extents.ordinal() + 10L * layout.ordinal());
                var w = weight(random, kind, layout, extents.out, extents.in);
                Tensor x = normal(random, extents.rows, extents.in), g = normal(random, extents.rows, extents.out);
                var size = size(w.tensor());
                for (var part : Part.values()) {
                    if (part != Part.ALL && extents != Extents.EDGE && extents != Extents.STEP) continue;
                    var what = kind + " " + extents + " " + layout + " " + part;
                    same(SCALAR.linear(x, w, part), k.linear(x, w, part), loose * size * extents.in, what);
                    same(SCALAR.linearTransposed(g, w, part), k.linearTransposed(g, w, part),
                        loose * size * extents.out, what + " transposed");
                }
            }
    }

    /// The gradient of a matrix whose rows are many, which is cut along them.
    @Test
    void gradientsOfWeightsSumOverManyRows() {
        var random = new SplittableRandom(3);
        for (var layout : Layout.values()) {
            var w = weight(random, Kind.F32, layout, 40, 50);
            Tensor x = normal(random, 700, 50), g = normal(random, 700, 40);
            var rows = Rows.all(700);
            same(SCALAR.weightGradient(g, x, rows, w), Fake.plain().weightGradient(g, x, rows, w), 700, "" + layout);
        }
    }

    @ParameterizedTest
    @EnumSource
    void tablesOfEveryTypeAreGathered(Kind kind) {
        var table = weight(new SplittableRandom(5), kind, Layout.OUT_IN, 9, 70).tensor();
        same(SCALAR.gather(table, new int[] {3, 0, 3, 8}), Fake.plain().gather(table, new int[] {3, 0, 3, 8}), 0,
            kind.toString());
    }

    /// `6ε·(|y| + terms·size)`, as for the other devices.
    private static void same(Tensor expected, Tensor actual, double terms, String what) {
        double[] e = expected.toDoubles(), a = actual.toDoubles();
        for (int i = 0; i < e.length; i++) {
            var at = i;
            assertTrue(Math.abs(e[i] - a[i]) <= 6 * EPS * (Math.abs(e[i]) + terms),
                () -> what + ": [" + at + "] " + e[at] + " but " + a[at]);
        }
    }

    private static double size(Tensor w) {
        var sum = 0.0;
        for (var v : w.toDoubles()) sum += v * v;
        return Math.sqrt(sum / w.size());
    }

    private static Tensor normal(SplittableRandom random, int... dims) {
        var data = new float[Math.toIntExact(Shape.of(dims).size())];
        for (int i = 0; i < data.length; i++) data[i] = (float) random.nextGaussian();
        return Tensor.of(data, dims);
    }

    /// With two outputs before the view and three behind it.
    private static Weight weight(SplittableRandom random, Kind kind, Layout layout, int out, int in) {
        var shape = layout == Layout.OUT_IN ? Shape.of(out + 5, in) : Shape.of(in, out + 5);
        var size = (int) shape.size();
        var storage = switch (kind) {
            case F64, F32, F16, BF16 -> mapped(random, DType.valueOf(kind.name()), size);
            case INT8 -> new Storage.Coded(Coding.INT8, bytes(random, (int) Coding.blocks(size) * 64),
                new Scales.Plain(floats(random, (int) Coding.blocks(size))), size);
            case NF4 -> new Storage.Coded(Coding.NF4, bytes(random, (int) Coding.blocks(size) * 32),
                new Scales.Plain(floats(random, (int) Coding.blocks(size))), size);
            case NF4_TWICE -> new Storage.Coded(Coding.NF4, bytes(random, (int) Coding.blocks(size) * 32),
                new Scales.Doubled(bytes(random, (int) Coding.blocks(size)),
                    floats(random, (int) Coding.blocks(size) / 256 + 1), 1.5f), size);
        };
        return new Weight(new Tensor(shape, storage), layout, 2, out);
    }

    private static Storage mapped(SplittableRandom random, DType type, int size) {
        var bytes = ByteBuffer.allocate(size * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < size; i++) {
            var v = i % 97 == 0 ? 3e-7f : (float) random.nextGaussian();           // subnormal in f16
            switch (type) {
                case F64  -> bytes.putDouble(v);
                case F32  -> bytes.putFloat(v);
                case F16  -> bytes.putShort(Float.floatToFloat16(v));
                default   -> bytes.putShort((short) (Float.floatToIntBits(v) >>> 16));
            }
        }
        return new Storage.Mapped(outside(bytes.array()), type);
    }

    private static MemorySegment bytes(SplittableRandom random, int size) {
        var data = new byte[size];
        random.nextBytes(data);
        return outside(data);
    }

    private static MemorySegment floats(SplittableRandom random, int size) {
        var bytes = ByteBuffer.allocate(4 * size).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < size; i++) bytes.putFloat((float) random.nextGaussian());
        return outside(bytes.array());
    }

    /// Off any alignment, as in a file.
    private static MemorySegment outside(byte[] data) {
        var segment = Arena.ofAuto().allocate(data.length + 1L, 8).asSlice(1, data.length);
        return segment.copyFrom(MemorySegment.ofArray(data));
    }

    /// There and back, for the rows of one seed or of many: halves on tensor cores, the rest on float units; codes are
    /// decoded on the way, by no kernel of their own.
    @ParameterizedTest
    @EnumSource
    void halvesAreMultipliedOnTensorCoresBothWays(Kind kind) {
        var card = Fake.watched(true);
        var random = new SplittableRandom(2);
        for (var layout : Layout.values())
            for (int rows : new int[] {9, 70}) {
                var w = weight(random, kind, layout, 65, 130);
                card.kernels().linear(normal(random, rows, 130), w, Part.ALL).get(0);
                card.kernels().linearTransposed(normal(random, rows, 65), w, Part.ALL).get(0);
            }
        var launched = new ArrayList<>(card.names().get());
        launched.removeIf("addSplits"::equals);
        var halves = kind == Kind.BF16 || kind == Kind.F16;
        assertTrue(launched.stream().allMatch(name -> name.startsWith("product")
            && name.equals("productTensor") == halves), launched.toString());
        assertTrue(launched.size() == 8, launched.toString());
    }

    /// What is left of the list is the kernels that no case above came to.
    @Test
    void everyProductKernelIsReached() {
        var launched = new ArrayList<String>();
        for (var driver : List.of(Fake.watched(false), Fake.watched(true))) {
            for (var extents : Extents.values()) {
                var random = new SplittableRandom(1);
                var w = weight(random, Kind.BF16, Layout.OUT_IN, extents.out, extents.in);
                driver.kernels().linear(normal(random, extents.rows, extents.in), w, Part.ALL).get(0);
            }
            launched.addAll(driver.names().get());
        }
        for (var kernel : List.of("productSmall", "productMiddle", "productLarge", "productTensor", "productFew",
                                  "addSplits"))
            assertTrue(launched.contains(kernel), kernel + " is not among " + launched);
    }
}
