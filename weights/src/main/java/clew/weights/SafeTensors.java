package clew.weights;

import clew.engine.tensor.DType;
import clew.engine.tensor.Shape;
import clew.engine.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// `u64 n · n bytes of JSON · data` — one safetensors file, mapped, every check of the format made when it is opened.
///
/// Stricter than the format in three ways: a tensor's object may hold nothing but its three keys, an extent is at most
/// 2³¹−1, and a tensor has at most 64 axes.
///
/// Tensors are slices of the mapping: opening costs no copy, and offsets need not fit the element's alignment. [#close]
/// ends the mapping; a tensor read after that throws `IllegalStateException`.
public final class SafeTensors implements AutoCloseable {
    /// The reference implementation's cap on a header.
    static final long MAX_HEADER_BYTES = 100_000_000;

    private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final byte[] LFS_POINTER = "version https://git-lfs".getBytes(StandardCharsets.US_ASCII);

    private final Path file;
    private final Arena arena;
    private final MemorySegment header;
    private final MemorySegment data;
    private final Map<String, Entry> entries;
    private final Map<String, String> metadata;

    /// One tensor as the header lists it; `begin … end` count from the start of the data.
    ///
    /// `dtype` is the format's own word, because the types that [DType] lacks (8-bit floats and the like) can be listed
    /// and sized but not read.
    public record Entry(String name, String dtype, Shape shape, long begin, long end) {
        public long bytes() {
            return end - begin;
        }
    }

    private SafeTensors(Path file, Arena arena, MemorySegment bytes, long headerEnd) {
        this.file = file;
        this.arena = arena;
        header = bytes.asSlice(0, headerEnd);
        data = bytes.asSlice(headerEnd);
        var parsed = Header.parse(file, header.asSlice(8).toArray(ValueLayout.JAVA_BYTE));
        var byName = new LinkedHashMap<String, Entry>();
        for (var entry : parsed.tiling(file, headerEnd, data.byteSize())) byName.put(entry.name(), entry);
        entries = Collections.unmodifiableMap(byName);
        metadata = parsed.metadata();
    }

    /// @throws WeightsException if the file is missing, or breaks the format in any way
    public static SafeTensors open(Path file) {
        if (!Files.exists(file)) throw new WeightsException(file + " does not exist; complete the model directory");
        if (!Files.isRegularFile(file)) throw new WeightsException(file + " is not a file; name a .safetensors file");
        var arena = Arena.ofShared();
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            var bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            return new SafeTensors(file, arena, bytes, headerEnd(file, bytes));
        } catch (IOException e) {
            arena.close();
            throw new WeightsException(file + " cannot be read (" + Quote.reason(e) + "); check the file", e);
        } catch (RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    private static long headerEnd(Path file, MemorySegment bytes) {
        var size = bytes.byteSize();
        if (size < 8)
            throw new WeightsException(file + " is truncated: a safetensors file has at least 8 bytes, this one "
                    + size + "; download it again");
        if (isLfsPointer(bytes))
            throw new WeightsException(file + " is a Git LFS pointer, not the weights; run 'git lfs pull' beside it");
        var length = bytes.get(U64, 0);
        if (length < 0 || length > MAX_HEADER_BYTES)
            throw new WeightsException(file + " is not a safetensors file: its header would have "
                    + Long.toUnsignedString(length) + " bytes, at most " + MAX_HEADER_BYTES
                    + " are allowed; download it again");
        if (length > size - 8)
            throw new WeightsException(file + " is truncated: its header ends at byte " + (length + 8)
                    + ", the file has " + size + "; download it again");
        if (length == 0 || bytes.get(ValueLayout.JAVA_BYTE, 8) != '{')
            throw new WeightsException(file + " is not a safetensors file: its header does not start with '{'; "
                    + "download it again");
        return length + 8;
    }

    private static boolean isLfsPointer(MemorySegment bytes) {
        return bytes.byteSize() >= LFS_POINTER.length
                && bytes.asSlice(0, LFS_POINTER.length).mismatch(MemorySegment.ofArray(LFS_POINTER)) < 0;
    }

    public Path path() {
        return file;
    }

    /// Names in the order of their bytes.
    public Set<String> names() {
        return entries.keySet();
    }

    /// What the header lists, in the order of the bytes.
    public Collection<Entry> entries() {
        return entries.values();
    }

    /// @throws WeightsException if there is no such tensor; the message lists names that come close
    public Entry entry(String name) {
        var entry = entries.get(name);
        if (entry == null)
            throw new WeightsException(file + " has no tensor " + Quote.name(name) + NearNames.hint(name, names()));
        return entry;
    }

    public Map<String, String> metadata() {
        return metadata;
    }

    /// A slice of the mapping, zero-copy.
    ///
    /// @throws WeightsException if there is no such tensor, or its type cannot be read
    public Tensor tensor(String name) {
        var entry = entry(name);
        var dtype = Header.readable(entry.dtype()).orElseThrow(() -> new WeightsException(file + ": tensor "
                + Quote.name(name) + " is stored as " + entry.dtype() + ", which is not supported; convert it to BF16, "
                + "F16 or F32"));
        return Tensor.mapped(data.asSlice(entry.begin(), entry.bytes()), dtype, entry.shape().dims());
    }

    /// The length word and the header's JSON, read-only: what a fingerprint covers.
    public ByteBuffer header() {
        return header.asByteBuffer();
    }

    /// The whole file's size in bytes.
    public long bytes() {
        return header.byteSize() + data.byteSize();
    }

    @Override
    public void close() {
        arena.close();
    }
}
