package clew.engine.kernel;

import clew.engine.tensor.Storage;
import java.util.function.Predicate;

/// What one pass borrows of a device's memory for the results of its verbs, and hands back when nobody reads them any
/// more: the next verb, or the next pass, has it again.
///
/// What is never handed back is garbage like any other once nobody refers to it, so forgetting to is no leak. Reading
/// what has been handed back is a mistake that gives other numbers; with assertions on, an array handed back is filled
/// with NaN. For one thread at a time; several may borrow of one device.
public interface Loans extends AutoCloseable {
    /// The device, whose results are borrowed here.
    Kernels kernels();

    /// An op is done: what it has borrowed since the last call is handed back, except what is `needed`.
    void settle(Predicate<Storage> needed);

    /// Everything borrowed is handed back, except what is `needed`.
    void keepOnly(Predicate<Storage> needed);

    /// It stays with whoever has it, for as long as they like.
    void leave(Storage storage);

    /// Everything borrowed is handed back.
    @Override
    default void close() {
        keepOnly(_ -> false);
    }

    /// Of a device that lends nothing: the collector finds out what nobody needs.
    static Loans none(Kernels kernels) {
        return new Loans() {
            @Override
            public Kernels kernels() {
                return kernels;
            }

            @Override
            public void settle(Predicate<Storage> needed) {}

            @Override
            public void keepOnly(Predicate<Storage> needed) {}

            @Override
            public void leave(Storage storage) {}
        };
    }

    /// The same loans seen through another device, which works with this one's memory.
    default Loans through(Kernels kernels) {
        var of = this;
        return new Loans() {
            @Override
            public Kernels kernels() {
                return kernels;
            }

            @Override
            public void settle(Predicate<Storage> needed) {
                of.settle(needed);
            }

            @Override
            public void keepOnly(Predicate<Storage> needed) {
                of.keepOnly(needed);
            }

            @Override
            public void leave(Storage storage) {
                of.leave(storage);
            }
        };
    }
}
