package clew.engine.kernel.gemm;

import java.util.concurrent.ConcurrentLinkedQueue;

/// Scratch of one chunk of work: arrays that grow to what was last asked of them and are used again by later chunks.
final class Workspace implements AutoCloseable {
    private final Pool home;
    private float[] weights = new float[0];
    private float[] sums = new float[0];
    private float[] packed = new float[0];
    private float[] rows = new float[0];

    private Workspace(Pool home) {
        this.home = home;
    }

    /// At least `size` floats for widened weights; what they hold is left from earlier use.
    float[] weights(int size) {
        return weights.length >= size ? weights : (weights = new float[size]);
    }

    /// At least `size` floats for sums that are not yet in their place.
    float[] sums(int size) {
        return sums.length >= size ? sums : (sums = new float[size]);
    }

    /// At least `size` floats for activations in the order a kernel wants them.
    float[] packed(int size) {
        return packed.length >= size ? packed : (packed = new float[size]);
    }

    /// At least `size` floats for a few rows of weights on their way to where a kernel wants them.
    float[] rows(int size) {
        return rows.length >= size ? rows : (rows = new float[size]);
    }

    /// Back to the pool.
    @Override
    public void close() {
        home.free.add(this);
    }

    /// As many workspaces as chunks were ever under way at once.
    static final class Pool {
        private final ConcurrentLinkedQueue<Workspace> free = new ConcurrentLinkedQueue<>();

        Workspace lend() {
            var space = free.poll();
            return space != null ? space : new Workspace(this);
        }
    }
}
