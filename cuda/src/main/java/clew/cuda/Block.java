package clew.cuda;

import clew.engine.tensor.Storage;
import org.jspecify.annotations.Nullable;

/// Elements in the card's memory. When they are handed back, or nothing refers to them any more, it is used again.
final class Block implements Storage.Remote {
    private final Memory memory;
    private final long elements;
    private long address;
    private @Nullable Block shared;
    private boolean isGone;

    Block(Memory memory, long address, long elements) {
        this.memory = memory;
        this.address = address;
        this.elements = elements;
    }

    /// The same elements in the same place, until somebody writes to them.
    Block(Block shared) {
        this(shared.memory, shared.address, shared.elements);
        this.shared = shared;
    }

    Memory memory() {
        return memory;
    }

    /// @throws IllegalStateException if it was handed back: others have it
    long address() {
        if (isGone) throw new IllegalStateException("a tensor of the cuda device is read after it was handed back");
        return address;
    }

    boolean isShared() {
        return shared != null;
    }

    /// From here on its elements are there, for itself alone.
    void move(long to) {
        address = to;
        shared = null;
    }

    /// It is handed back.
    void end() {
        isGone = true;
    }

    @Override
    public long elements() {
        return elements;
    }

    @Override
    public void read(long from, int count, float[] out, int at) {
        memory.read(this, from, count, out, at);
    }
}
