package clew.weights;

import clew.engine.tensor.Coding;
import clew.engine.tensor.Scales;
import clew.engine.tensor.Shape;
import clew.engine.tensor.Storage;
import clew.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/// The ways in which matrices become codes of few bits, by the names of `--dtype`.
///
/// A matrix of n blocks ([Coding#BLOCK] elements each) is one stretch of bytes: the codes, then the scales. Scales are
/// n floats; doubly quantised ones n codes, a float for every [Scales.Doubled#GROUP] of blocks, and the mean as a
/// float.
public enum Quantisation {
    INT8("int8", Coding.INT8, Step.ONCE), NF4("nf4", Coding.NF4, Step.ONCE), NF4_DQ("nf4-dq", Coding.NF4, Step.TWICE);

    /// Whether the scales are quantised too.
    enum Step { ONCE, TWICE }

    private final String label;
    private final Coding coding;
    private final Step step;

    Quantisation(String label, Coding coding, Step step) {
        this.label = label;
        this.coding = coding;
        this.step = step;
    }

    /// Its name on the command line and in files.
    public String label() {
        return label;
    }

    Coding coding() {
        return coding;
    }

    Step step() {
        return step;
    }

    /// Bytes of a matrix of so many elements.
    public long bytes(long elements) {
        var blocks = Coding.blocks(elements);
        return blocks * coding.bytes() + switch (step) {
            case ONCE  -> 4 * blocks;
            case TWICE -> blocks + 4 * groups(blocks) + 4;
        };
    }

    static long groups(long blocks) {
        return (blocks + Scales.Doubled.GROUP - 1) / Scales.Doubled.GROUP;
    }

    /// The matrix that lies there, as it lies.
    ///
    /// @throws IllegalArgumentException if the stretch is not [#bytes] long
    public Tensor tensor(MemorySegment data, Shape shape) {
        if (data.byteSize() != bytes(shape.size()))
            throw new IllegalArgumentException(label + " " + shape + " takes " + bytes(shape.size()) + " bytes, not "
                    + data.byteSize());
        long blocks = Coding.blocks(shape.size()), at = blocks * coding.bytes(), then = at + blocks;
        var scales = switch (step) {
            case ONCE  -> new Scales.Plain(data.asSlice(at));
            case TWICE -> new Scales.Doubled(data.asSlice(at, blocks), data.asSlice(then, 4 * groups(blocks)),
                    data.get(Scales.F32, then + 4 * groups(blocks)));
        };
        return new Tensor(shape, new Storage.Coded(coding, data.asSlice(0, at), scales, shape.size()));
    }
}
