package clew.cuda;

import clew.engine.tensor.Storage;

/// Elements in the card's memory. When nothing refers to it any more its memory is used again.
final class Block implements Storage.Remote {
    private final Memory memory;
    private final long address;
    private final long elements;

    Block(Memory memory, long address, long elements) {
        this.memory = memory;
        this.address = address;
        this.elements = elements;
    }

    Memory memory() {
        return memory;
    }

    long address() {
        return address;
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
