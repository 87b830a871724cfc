package clew.app;

import clew.engine.kernel.Devices;
import clew.engine.kernel.Kernels;

/// Threads that trainings side by side share out evenly: whoever is through leaves its own to the others.
///
/// A step's small products gain more from a thread of their own than from a share in every one, so a training has all
/// threads only once it is alone.
final class Crew {
    private final int threads;
    private int working;

    Crew(int threads, int trainings) {
        this.threads = threads;
        this.working = trainings;
    }

    private synchronized int share() {
        return Math.max(1, threads / working);
    }

    private synchronized void leave() {
        working--;
    }

    /// A training's share, until it is closed.
    Share join() {
        return new Share();
    }

    final class Share implements AutoCloseable {
        private int held = share();
        private Devices.Device device = Devices.open("simd", held);

        Kernels kernels() {
            return device.kernels();
        }

        /// Whether the share has grown; if so, the kernels are others.
        boolean grows() {
            if (share() == held) return false;
            device.close();
            held = share();
            device = Devices.open("simd", held);
            return true;
        }

        @Override
        public void close() {
            device.close();
            leave();
        }
    }
}
