package clew.cuda;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Small tensors that are made of the same numbers in every pass, such as angles and seeds: they are copied to the card
/// once, and have the same place in every pass.
final class Known {
    private static final int MOST = 64, SMALL = 1 << 16;

    private final Room room;
    private final Map<Numbers, Block> known = new LinkedHashMap<>(MOST, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Numbers, Block> eldest) {
            return size() > MOST;
        }
    };

    private static final class Numbers {
        private final float[] all;

        Numbers(float[] all) {
            this.all = all;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Numbers n && Arrays.equals(all, n.all);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(all);
        }
    }

    Known(Room room) {
        this.room = room;
    }

    /// A block of its own to whoever asks: who writes to it gets a copy.
    synchronized Block block(float[] numbers) {
        if (numbers.length > SMALL) return room.copy(MemorySegment.ofArray(numbers));
        return new Block(known.computeIfAbsent(new Numbers(numbers), _ -> room.copy(MemorySegment.ofArray(numbers))));
    }

    synchronized void clear() {
        known.clear();
    }
}
