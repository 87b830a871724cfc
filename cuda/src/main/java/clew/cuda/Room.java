package clew.cuda;

import java.lang.foreign.MemorySegment;

/// Where the blocks come from that results lie in, and what verbs need on their way.
interface Room {
    /// Room for so many elements of four bytes; what is in it is anything.
    Block block(long elements);

    /// Room for elements and zeros in it.
    Block zeros(long elements);

    /// A copy of these bytes.
    Block copy(MemorySegment from);
}
