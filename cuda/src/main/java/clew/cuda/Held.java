package clew.cuda;

import org.jspecify.annotations.Nullable;

/// A weight on the card.
///
/// @param data   its elements, or codes, as they lie in the file
/// @param type   how `common.cuh` numbers their kind
/// @param scales floats of a coded matrix's blocks; null otherwise
record Held(Block data, int type, @Nullable Block scales) {
    static final int F32 = 0, BF16 = 1, F16 = 2, INT8 = 3, NF4 = 4;

    static Held floats(Block data) {
        return new Held(data, F32, null);
    }
}
