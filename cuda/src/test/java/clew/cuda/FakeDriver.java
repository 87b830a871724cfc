package clew.cuda;

import clew.engine.kernel.DeviceException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// A driver without a card: checks every launch against the signatures in the PTX, every address against what is
/// allocated when the launch is done, every call against what may be called while a graph is recorded, and runs the
/// kernels on the processor where g++ could compile them.
///
/// Memory is filled with NaN at first and fenced: what a kernel writes outside its blocks is found.
final class FakeDriver implements Driver {
    /// What it does, and does not do.
    enum Trait {
        /// Launches are done when they are queued, or copies are; else when somebody waits for them.
        WORKS_AT_ONCE, COPIES_AT_ONCE,
        /// Kernels do nothing.
        IDLE,
        /// There are no graphs; none can be recorded; none can be changed; what is in them is not done.
        NO_GRAPHS, REFUSES_GRAPHS, KEEPS_GRAPHS, FALSE_GRAPHS
    }

    private static final Pattern ENTRY = Pattern.compile("\\.visible \\.entry (\\w+)\\(([^)]*)\\)");
    private static final Pattern PARAMETER = Pattern.compile("\\.param \\.(\\w+) ");
    private static final int FENCE = 256;
    private static final byte MARK = 0x5a;
    private static final MemorySegment INTACT = Arena.global().allocate(FENCE).fill(MARK);

    private final Card card;
    private final long capacity;
    private final Set<Trait> traits;
    private final FakeLines lines;
    private final Frame frame = new Frame();
    private final Map<String, List<String>> signatures = new HashMap<>();
    private final TreeMap<Long, Held> held = new TreeMap<>();
    private final Set<Held> touched = new HashSet<>();
    private final Set<Graph> graphs = new HashSet<>();
    private @Nullable List<Node> recording;
    private long used;
    boolean closed;

    /// What it did: kernels, and graphs that were made, changed and run.
    final List<String> launches = new ArrayList<>();
    long uploaded, downloaded;
    int made, changed, run;

    private record Held(Arena arena, MemorySegment whole, long bytes) {}

    /// @param pointers among its arguments, and other numbers of eight bytes
    private record Node(Object kind, List<Long> pointers, Runnable what) {}

    private static final class Graph {
        List<Node> nodes;

        Graph(List<Node> nodes) {
            this.nodes = nodes;
        }

        List<Object> kinds() {
            return nodes.stream().map(Node::kind).toList();
        }
    }

    FakeDriver(Card card, long capacity, Trait... traits) {
        this.card = card;
        this.capacity = capacity;
        this.traits = EnumSet.noneOf(Trait.class);
        this.traits.addAll(Arrays.asList(traits));
        var hurried = EnumSet.noneOf(Line.class);
        if (this.traits.contains(Trait.WORKS_AT_ONCE)) hurried.add(Line.WORK);
        if (this.traits.contains(Trait.COPIES_AT_ONCE)) hurried.add(Line.COPIES);
        this.lines = new FakeLines(hurried);
    }

    static FakeDriver plain() {
        return loaded(new Card("Fake 75", 1L << 32, 7, 5, 40), Trait.COPIES_AT_ONCE);
    }

    static FakeDriver tensor() {
        return loaded(new Card("Fake 90", 1L << 32, 9, 0, 132), Trait.WORKS_AT_ONCE);
    }

    static FakeDriver loaded(Card card, Trait... traits) {
        var driver = new FakeDriver(card, card.bytes(), traits);
        driver.load(Code.of(card).text());
        return driver;
    }

    /// From now on it has this one too.
    FakeDriver with(Trait trait) {
        traits.add(trait);
        return this;
    }

    long used() {
        return used;
    }

    int graphs() {
        return graphs.size();
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
        beside();
        if (!signatures.containsKey(name)) throw new AssertionError("no kernel " + name + " in the PTX");
        return name;
    }

    // ── memory ──────────────────────────────────────────────────────────────────────────────────────────────────────

    @Override
    public long allocate(long bytes) {
        beside();
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
        beside();
        checkFences();
        var gone = held.remove(address);
        if (gone == null) throw new AssertionError("frees what is not allocated");
        if (lines.uses(gone)) throw new AssertionError("frees what something in a line uses");
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

    /// The blocks that these point into; other numbers of eight bytes name none.
    private Set<Held> blocks(LongStream pointers) {
        return pointers.mapToObj(p -> {
            var block = held.floorEntry(p);
            return block != null && p < block.getKey() + block.getValue().bytes() ? block.getValue() : null;
        }).filter(h -> h != null).collect(Collectors.toSet());
    }

    // ── lines ───────────────────────────────────────────────────────────────────────────────────────────────────────

    /// What may not be called while a graph is recorded.
    private void beside() {
        if (closed) throw new AssertionError("called after the end");
        if (recording != null) throw new AssertionError("called while a graph is recorded");
    }

    @Override
    public void order(Line first, Line then) {
        beside();
        lines.order(first, then);
    }

    @Override
    public void await() {
        beside();
        for (var line : Line.values()) lines.await(line);
    }

    @Override
    public void upload(long to, MemorySegment from) {
        beside();
        at(to, from.byteSize());
        var data = Arena.ofAuto().allocate(from.byteSize()).copyFrom(from);
        lines.put(Line.COPIES, blocks(LongStream.of(to)), () -> at(to, data.byteSize()).copyFrom(data));
        uploaded += from.byteSize();
    }

    @Override
    public void download(MemorySegment to, long from) {
        beside();
        lines.put(Line.COPIES, blocks(LongStream.of(from)), () -> to.copyFrom(at(from, to.byteSize())));
        lines.await(Line.COPIES);
        checkFences();
        downloaded += to.byteSize();
    }

    @Override
    public void copy(long to, long from, long bytes) {
        at(to, bytes);
        at(from, bytes);
        put(new Node("copy", List.of(to, from), () -> at(to, bytes).copyFrom(at(from, bytes))));
    }

    @Override
    public void clear(long at, long bytes) {
        at(at, bytes);
        put(new Node("clear", List.of(at), () -> at(at, bytes).fill((byte) 0)));
    }

    @Override
    public void launch(Object kernel, int x, int y, int z, int threads, Arguments arguments) {
        if (x < 1 || y < 1 || z < 1 || y > 65535 || z > 65535 || threads > 1024)
            throw new AssertionError(kernel + ": a grid of " + x + " × " + y + " × " + z + " × " + threads);
        var types = signatures.get((String) kernel);
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
        arguments.in(frame);
        var bytes = MemorySegment.ofBuffer(frame.bytes());
        var pointers = new ArrayList<Long>();
        for (int i = 0; i < offsets.length; i++)
            if (types.get(i).equals("u64")) pointers.add(bytes.get(ValueLayout.JAVA_LONG_UNALIGNED, offsets[i]));
        put(new Node(kernel, pointers, () -> {
            launches.add((String) kernel);
            if (!traits.contains(Trait.IDLE)) HostLibrary.get().ifPresent(library -> library.run((String) kernel, x, y,
                z, threads, MemorySegment.ofBuffer(arguments.in(frame))));
        }));
    }

    private void put(Node node) {
        if (closed) throw new AssertionError("called after the end");
        if (recording != null) recording.add(node);
        else queue(List.of(node));
    }

    /// What it points to must be there now, and still be there when it is done.
    private void queue(List<Node> nodes) {
        var uses = blocks(nodes.stream().flatMapToLong(n -> n.pointers().stream().mapToLong(p -> p)));
        lines.put(Line.WORK, uses, () -> {
            touched.addAll(uses);
            nodes.forEach(node -> node.what().run());
        });
    }

    // ── graphs ──────────────────────────────────────────────────────────────────────────────────────────────────────

    @Override
    public Optional<String> withoutGraphs() {
        return traits.contains(Trait.NO_GRAPHS) ? Optional.of("this card has none") : Optional.empty();
    }

    @Override
    public Object graph(Iterable<Step> steps, @Nullable Object like) {
        beside();
        if (traits.contains(Trait.NO_GRAPHS)) throw new AssertionError("asks for a graph");
        if (like != null && !graphs.contains(like)) throw new AssertionError("changes a graph that is gone");
        if (traits.contains(Trait.REFUSES_GRAPHS)) throw new DeviceException("the cuda device failed when recording");
        var nodes = new ArrayList<Node>();
        recording = nodes;
        steps.forEach(step -> step.put(this));
        recording = null;
        var graph = new Graph(List.copyOf(nodes));
        if (like instanceof Graph before) {
            if (!before.kinds().equals(graph.kinds())) throw new AssertionError("changes a graph of other kernels");
            if (!traits.contains(Trait.KEEPS_GRAPHS)) {
                before.nodes = graph.nodes;
                changed++;
                return before;
            }
            forget(before);
        }
        graphs.add(graph);
        made++;
        return graph;
    }

    @Override
    public void run(Object graph) {
        beside();
        if (!graphs.contains(graph)) throw new AssertionError("runs a graph that is gone");
        queue(traits.contains(Trait.FALSE_GRAPHS) ? List.of() : ((Graph) graph).nodes);
        run++;
    }

    @Override
    public void forget(Object graph) {
        beside();
        if (!graphs.remove(graph)) throw new AssertionError("forgets a graph twice");
    }

    @Override
    public void close() {
        checkFences();
        closed = true;
    }
}
