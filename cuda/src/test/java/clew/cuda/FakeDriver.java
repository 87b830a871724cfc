package clew.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// A driver without a card: checks every launch against the signatures in the PTX, every address against what is
/// allocated, and runs the kernels on the processor where g++ could compile them.
///
/// Memory is filled with NaN at first and fenced: what a kernel writes outside its blocks is found.
final class FakeDriver implements Driver {
    private static final Pattern ENTRY = Pattern.compile("\\.visible \\.entry (\\w+)\\(([^)]*)\\)");
    private static final Pattern PARAMETER = Pattern.compile("\\.param \\.(\\w+) ");
    private static final int FENCE = 256;
    private static final byte MARK = 0x5a;
    private static final MemorySegment INTACT = Arena.global().allocate(FENCE).fill(MARK);

    private final Card card;
    private final long capacity;
    private final Map<String, List<String>> signatures = new HashMap<>();
    private final TreeMap<Long, Held> held = new TreeMap<>();
    private final Set<Held> touched = new HashSet<>();
    private long used;
    boolean closed;

    /// What was asked of it.
    final List<String> launches = new ArrayList<>();
    long uploaded, downloaded;

    private record Held(Arena arena, MemorySegment whole, long bytes) {}

    FakeDriver(Card card, long capacity) {
        this.card = card;
        this.capacity = capacity;
    }

    static FakeDriver plain() {
        return loaded(new Card("Fake 75", 1L << 32, 7, 5, 40));
    }

    static FakeDriver tensor() {
        return loaded(new Card("Fake 90", 1L << 32, 9, 0, 132));
    }

    static FakeDriver loaded(Card card) {
        var driver = new FakeDriver(card, card.bytes());
        driver.load(Code.of(card).text());
        return driver;
    }

    long used() {
        return used;
    }

    @Override
    public Card card() {
        return card;
    }

    @Override
    public long free() {
        return capacity - used;
    }

    @Override
    public void load(String ptx) {
        for (var entry = ENTRY.matcher(ptx); entry.find(); ) {
            var types = new ArrayList<String>();
            for (var p = PARAMETER.matcher(entry.group(2)); p.find(); ) types.add(p.group(1));
            signatures.put(entry.group(1), types);
        }
    }

    @Override
    public Object kernel(String name) {
        if (!signatures.containsKey(name)) throw new AssertionError("no kernel " + name + " in the PTX");
        return name;
    }

    @Override
    public long allocate(long bytes) {
        if (bytes <= 0) throw new AssertionError("allocates " + bytes);
        if (used + bytes > capacity) return 0;
        var arena = Arena.ofShared();
        var whole = arena.allocate(bytes + 2 * FENCE, 256);
        whole.fill((byte) 0xff);
        whole.asSlice(0, FENCE).fill(MARK);
        whole.asSlice(FENCE + bytes, FENCE).fill(MARK);
        held.put(whole.address() + FENCE, new Held(arena, whole, bytes));
        used += bytes;
        return whole.address() + FENCE;
    }

    @Override
    public void release(long address) {
        checkFences();
        var gone = held.remove(address);
        if (gone == null) throw new AssertionError("frees what is not allocated");
        used -= gone.bytes();
        gone.arena().close();
    }

    /// The fences of the blocks that launches have had since the last look.
    private void checkFences() {
        for (var h : touched)
            if (h.arena().scope().isAlive() && (broken(h, 0) || broken(h, FENCE + h.bytes())))
                throw new AssertionError("a kernel wrote outside a block of " + h.bytes() + " bytes: " + launches);
        touched.clear();
    }

    private static boolean broken(Held h, long at) {
        return MemorySegment.mismatch(h.whole(), at, at + FENCE, INTACT, 0, FENCE) >= 0;
    }

    /// The bytes from an address on, which must lie in one block.
    private MemorySegment at(long address, long bytes) {
        var block = held.floorEntry(address);
        if (block == null || address + bytes > block.getKey() + block.getValue().bytes())
            throw new AssertionError("address outside every block");
        return block.getValue().whole().asSlice(address - block.getKey() + FENCE, bytes);
    }

    @Override
    public void upload(long to, MemorySegment from) {
        at(to, from.byteSize()).copyFrom(from);
        uploaded += from.byteSize();
    }

    @Override
    public void download(MemorySegment to, long from) {
        checkFences();
        to.copyFrom(at(from, to.byteSize()));
        downloaded += to.byteSize();
    }

    @Override
    public void copy(long to, long from, long bytes) {
        at(to, bytes).copyFrom(at(from, bytes));
    }

    @Override
    public void clear(long at, long bytes) {
        at(at, bytes).fill((byte) 0);
    }

    @Override
    public void launch(Object kernel, int x, int y, int z, int threads, Arguments arguments) {
        if (closed) throw new AssertionError("launches after the end");
        if (x < 1 || y < 1 || z < 1 || y > 65535 || z > 65535 || threads > 1024)
            throw new AssertionError(kernel + ": a grid of " + x + " × " + y + " × " + z + " × " + threads);
        var types = signatures.get((String) kernel);
        var bytes = MemorySegment.ofBuffer(arguments.bytes().duplicate().clear());
        int[] offsets = arguments.offsets(), expected = new int[types.size()];
        var end = 0;
        for (int i = 0; i < expected.length; i++) {
            var size = types.get(i).equals("u64") ? 8 : 4;
            expected[i] = (end + size - 1) / size * size;
            end = expected[i] + size;
        }
        if (!Arrays.equals(offsets, expected) || end != arguments.size())
            throw new AssertionError(kernel + " takes " + types + ", which lie at " + Arrays.toString(expected)
                + ", not " + Arrays.toString(offsets));
        launches.add((String) kernel);
        for (int i = 0; i < offsets.length; i++)
            if (types.get(i).equals("u64")) touch(bytes.get(ValueLayout.JAVA_LONG, offsets[i]));
        HostLibrary.get().ifPresent(library ->
            library.run((String) kernel, x, y, z, threads, MemorySegment.ofBuffer(arguments.addresses())));
    }

    /// A pointer among the arguments, or another number of eight bytes, which names no block.
    private void touch(long argument) {
        var block = held.floorEntry(argument);
        if (block != null && argument < block.getKey() + block.getValue().bytes()) touched.add(block.getValue());
    }

    @Override
    public void close() {
        checkFences();
        closed = true;
    }
}
