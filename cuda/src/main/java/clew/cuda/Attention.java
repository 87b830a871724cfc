package clew.cuda;

import clew.engine.kernel.Fused;
import clew.engine.kernel.Heads;
import clew.engine.kernel.Kernels.Carrier;
import clew.engine.tensor.Rows;
import org.jspecify.annotations.Nullable;

/// The launches of attention. A block has up to 64 columns of a result, or up to 128 where heads are wider than 64.
final class Attention {
    private static final int NARROW = 64, WIDE = 128, STATE = 4;

    private final Queue queue;
    private final Room room;

    Attention(Queue queue, Room room) {
        this.queue = queue;
        this.room = room;
    }

    Block score(Block a, Block b, Heads h, float c, Rows rows) {
        var s = room.block((long) h.heads() * rows.count() * h.keys());
        var tiles = Tiles.queries(queue, rows, h.queries());
        queue.grid("score", (h.keys() + Tiles.SIDE - 1) / Tiles.SIDE, tiles.tiles(), h.heads(), s, a, b, tiles.block(),
            h.heads(), group(h), h.width(), h.queries(), h.keys(), h.window(), c);
        return s;
    }

    Block mix(Block p, Block b, Heads h, float c, Rows rows) {
        var z = room.block((long) rows.count() * h.heads() * h.width());
        var tiles = Tiles.queries(queue, rows, h.queries());
        queue.grid("mix" + columns(h), tiles.tiles(), h.heads(), blocks(h), z, p, b, tiles.block(), h.heads(), group(h),
            h.width(), h.queries(), h.keys(), h.window(), c);
        return z;
    }

    Block mixTransposed(Block p, Block a, Heads h, float c, Carrier carrier, Rows rows) {
        var y = room.block((long) rows.count() * h.kvHeads() * h.width());
        var tiles = Tiles.keysOf(queue, rows, h);
        queue.grid("mixTransposed" + columns(h), tiles.tiles(), h.kvHeads(), blocks(h), y, p, a, tiles.block(),
            h.heads(), group(h), h.width(), h.queries(), h.keys(), h.window(), c, carrier == Carrier.PATTERN ? 1 : 0);
        return y;
    }

    /// q, k and v on the card.
    record Inputs(Block q, Block k, Block v, Fused.Inputs of) {}

    Block attend(Inputs x) {
        var h = x.of().heads();
        var z = room.block(x.of().q().size());
        var tiles = Tiles.queries(queue, Rows.all(x.of().q().rows()), h.queries());
        queue.grid("attend" + columns(h), tiles.tiles(), h.heads(), blocks(h), z, x.q(), x.k(), x.v(), h.heads(),
            group(h), h.width(), x.of().keyStride(), (float) x.of().c(), tiles.block(), h.queries(), h.keys(),
            h.window());
        return z;
    }

    /// What goes back; q and k are null, and nothing stays, where the pattern is held.
    record Shares(@Nullable Block q, @Nullable Block k, Block v,
                  @Nullable Block leak) {}

    Shares backward(Block g, Inputs x, Fused.Reading how, Rows rows, int keyRows) {
        var h = x.of().heads();
        var held = how.holdsPattern();
        int H = h.heads(), group = group(h), d = h.width(), stride = x.of().keyStride(), isHeld = held ? 1 : 0;
        float c = (float) x.of().c(), pattern = (float) how.pattern(), scores = (float) how.scores(),
              inverse = (float) (1 / how.temperature());
        var perHead = (long) rows.count() * H;
        var states = room.block(STATE * perHead);
        var tiles = Tiles.queries(queue, rows, h.queries());
        queue.grid("attendStates", tiles.tiles(), H, 1, states, g, x.q(), x.k(), x.v(), H, group, d, stride, c,
            tiles.block(), h.queries(), h.keys(), h.window(), pattern, inverse, isHeld);
        var size = (long) keyRows * h.kvHeads() * d;
        Block toV = room.block(size), toK = held ? null : room.block(size);
        var keyTiles = Tiles.keysOf(queue, rows, x.of());
        queue.grid("attendToKeys" + columns(h), keyTiles.tiles(), h.kvHeads(), blocks(h), toK, toV, states, g, x.q(),
            x.k(), x.v(), H, group, d, stride, c, keyTiles.block(), h.queries(), h.keys(), h.window(),
            (float) how.values(), pattern, scores, inverse, isHeld);
        if (held) return new Shares(null, null, toV, null);
        Block toQ = room.block(perHead * d), leak = room.block(perHead);
        queue.grid("attendToQueries" + columns(h), tiles.tiles(), H, blocks(h), toQ, leak, states, g, x.q(), x.k(),
            x.v(), H, group, d, stride, c, tiles.block(), h.queries(), h.keys(), h.window(), pattern, scores, inverse);
        return new Shares(toQ, toK, toV, leak);
    }

    private static int group(Heads h) {
        return h.heads() / h.kvHeads();
    }

    private static String columns(Heads h) {
        return h.width() <= NARROW ? "Narrow" : "Wide";
    }

    private static int blocks(Heads h) {
        var each = h.width() <= NARROW ? NARROW : WIDE;
        return (h.width() + each - 1) / each;
    }
}
