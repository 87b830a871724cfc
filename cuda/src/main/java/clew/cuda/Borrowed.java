package clew.cuda;

import clew.engine.kernel.Kernels;
import clew.engine.kernel.Loans;
import clew.engine.tensor.Storage;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/// The blocks that one pass has of the card's memory, what it copies there included.
final class Borrowed implements Room, Loans {
    private final Memory memory;
    private final Room room;
    private final Kernels kernels;
    /// Since the last settling.
    private final List<Block> fresh = new ArrayList<>();
    private final Set<Block> held = new HashSet<>();
    private final List<Block> left = new ArrayList<>();

    /// @param device the device, given where its results are to lie
    Borrowed(Memory memory, Function<Room, Kernels> device) {
        this.memory = memory;
        this.room = memory.room(Memory.Part.LENT);
        this.kernels = device.apply(this);
    }

    @Override
    public Kernels kernels() {
        return kernels;
    }

    @Override
    public Block block(long elements) {
        return lent(room.block(elements));
    }

    @Override
    public Block zeros(long elements) {
        return lent(room.zeros(elements));
    }

    @Override
    public Block copy(MemorySegment from) {
        return lent(room.copy(from));
    }

    private Block lent(Block block) {
        fresh.add(block);
        return block;
    }

    @Override
    public void settle(Predicate<Storage> needed) {
        for (var block : fresh)
            if (needed.test(block)) held.add(block);
            else memory.takeBack(block);
        fresh.clear();
    }

    @Override
    public void keepOnly(Predicate<Storage> needed) {
        settle(_ -> true);
        held.removeIf(block -> {
            if (needed.test(block)) return false;
            memory.takeBack(block);
            return true;
        });
    }

    @Override
    public void leave(Storage storage) {
        settle(_ -> true);
        if (storage instanceof Block block && held.remove(block)) left.add(block);
    }

    @Override
    public void close() {
        Loans.super.close();
        memory.leave(left);
        left.clear();
    }
}
