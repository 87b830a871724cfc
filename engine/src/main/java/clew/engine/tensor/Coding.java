package clew.engine.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// What the codes of a block stand for: `w = level(code) · scale`, one scale per block of [#BLOCK] elements.
///
/// | coding | levels | scale of a block | bits an element |
/// |---|---|---|---|
/// | [#INT8] | −127 … 127 | `max|w| / 127` | 8 |
/// | [#NF4] | the sixteen of [NormalFloat], in −1 … 1 | `max|w|` | 4 |
///
/// Blocks follow one another in the row-major order of the matrix and may cross its rows, as in bitsandbytes. The last
/// one is as long in storage as the others. In a block of NF4 byte b holds the elements b, in its low four bits, and
/// b + 32, in its high ones: a vector of bytes then becomes two vectors of neighbours by a mask and a shift.
/// (bitsandbytes has neighbours in one byte; the values are the same.)
public enum Coding {
    INT8(64), NF4(32);

    /// Elements that share a scale.
    public static final int BLOCK = 64;
    private static final int HALF = BLOCK / 2;

    private final int bytes;

    Coding(int bytes) {
        this.bytes = bytes;
    }

    /// Bytes of the codes of one block.
    public int bytes() {
        return bytes;
    }

    /// Blocks of so many elements, the last one perhaps not full.
    public static long blocks(long elements) {
        return (elements + BLOCK - 1) / BLOCK;
    }

    /// The level of element i of the matrix.
    float level(MemorySegment codes, long i) {
        var e = (int) (i % BLOCK);
        var at = i / BLOCK * bytes + e % bytes;
        var code = codes.get(ValueLayout.JAVA_BYTE, at);
        return switch (this) {
            case INT8 -> code;
            case NF4  -> NormalFloat.level(e < HALF ? code & 15 : code >> 4 & 15);
        };
    }
}
