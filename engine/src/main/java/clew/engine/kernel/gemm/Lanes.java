package clew.engine.kernel.gemm;

import java.util.Arrays;

/// Rows put side by side into vector lanes: how x [rows, steps] lies where a product's vectors run over its rows.
///
/// Rows are taken in blocks `wide` lanes wide, the last block as far as `lanes` reaches, what is missing filled with
/// zeros; their columns in strips of [Tiles#DEPTH], so that all that a strip of the product needs lies together.
/// Block b of a strip of d columns lies at `b·wide·d` in the strip as `[d][width]`.
record Lanes(int rows, int steps, int wide, int lanes) {
    int width(int block) {
        return Math.min(wide, lanes - block * wide);
    }

    /// Rows of x in a block.
    int valid(int block) {
        return Math.min(width(block), rows - block * wide);
    }

    int blocks() {
        return (lanes + wide - 1) / wide;
    }

    int strips() {
        return (steps + Tiles.DEPTH - 1) / Tiles.DEPTH;
    }

    int size() {
        return lanes * steps;
    }

    /// Where block `block` of the strip that begins with column `from` lies.
    int at(int block, int from) {
        return from * lanes + block * wide * Math.min(Tiles.DEPTH, steps - from);
    }

    /// Strip `strip` of block `block` to its place in `packed`.
    void pack(float[] x, int xo, int xs, int block, int strip, float[] packed) {
        int from = strip * Tiles.DEPTH, depth = Math.min(Tiles.DEPTH, steps - from);
        int width = width(block), valid = valid(block), at = at(block, from);
        Transposition.run(x, xo + block * wide * xs + from, xs, valid, depth, packed, at, width);
        for (int c = 0; valid < width && c < depth; c++)
            Arrays.fill(packed, at + c * width + valid, at + (c + 1) * width, 0f);
    }
}
