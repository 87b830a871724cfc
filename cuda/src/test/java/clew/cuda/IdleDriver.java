package clew.cuda;

import java.lang.foreign.MemorySegment;

/// A card whose kernels do nothing.
final class IdleDriver implements Driver {
    private final FakeDriver fake;

    IdleDriver(Card card) {
        fake = new FakeDriver(card, card.bytes());
    }

    boolean isClosed() {
        return fake.closed;
    }

    @Override
    public Card card() {
        return fake.card();
    }

    @Override
    public long free() {
        return fake.free();
    }

    @Override
    public void load(String ptx) {
        fake.load(ptx);
    }

    @Override
    public Object kernel(String name) {
        return fake.kernel(name);
    }

    @Override
    public long allocate(long bytes) {
        return fake.allocate(bytes);
    }

    @Override
    public void release(long address) {
        fake.release(address);
    }

    @Override
    public void upload(long to, MemorySegment from) {
        fake.upload(to, from);
    }

    @Override
    public void download(MemorySegment to, long from) {
        fake.download(to, from);
    }

    @Override
    public void copy(long to, long from, long bytes) {
        fake.copy(to, from, bytes);
    }

    @Override
    public void clear(long at, long bytes) {
        fake.clear(at, bytes);
    }

    @Override
    public void launch(Object kernel, int x, int y, int z, int threads, Arguments arguments) {}

    @Override
    public void close() {
        fake.close();
    }
}
