package clew.engine.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// The scales of a coded matrix's blocks, as they lie in storage.
public sealed interface Scales {
    /// The scale of a block.
    float at(long block);

    /// For how many blocks there are scales.
    long blocks();

    /// Floats, one after another.
    record Plain(MemorySegment data) implements Scales {
        @Override
        public float at(long block) {
            return data.get(F32, 4 * block);
        }

        @Override
        public long blocks() {
            return data.byteSize() / 4;
        }
    }

    /// Scales that are quantised themselves, "double quantisation": `mean + level(code) · largest[block / 256]` with
    /// the levels of [DynamicFloat] — Dettmers et al. 2023 (QLoRA), section 3, as bitsandbytes has it.
    ///
    /// @param largest floats: the largest distance of a scale from the mean, for every [#GROUP] of blocks
    record Doubled(MemorySegment codes, MemorySegment largest, float mean) implements Scales {
        /// Blocks whose scales share a scale.
        public static final int GROUP = 256;

        public Doubled {
            if (largest.byteSize() < 4 * ((codes.byteSize() + GROUP - 1) / GROUP))
                throw new IllegalArgumentException("scales: " + codes.byteSize() + " blocks need a float for every "
                    + GROUP + ", there are " + largest.byteSize() + " bytes");
        }

        @Override
        public float at(long block) {
            var level = DynamicFloat.level(Byte.toUnsignedInt(codes.get(ValueLayout.JAVA_BYTE, block)));
            return level * largest.get(F32, 4 * (block / GROUP)) + mean;
        }

        @Override
        public long blocks() {
            return codes.byteSize();
        }
    }

    /// Any alignment, as in a file.
    ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
}
