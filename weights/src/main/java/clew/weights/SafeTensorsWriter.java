package clew.weights;

import clew.engine.tensor.DType;
import clew.engine.tensor.Shape;
import clew.engine.tensor.Storage;
import clew.engine.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;

/// Tensors to one safetensors file, whole or not at all: written beside its name and then moved there.
///
/// Elements are written as they are stored; [Tensors#as] narrows weights and [Tensors#ofLongs] makes ids. As in the
/// reference writer, wide elements come first and the header is padded to 8 bytes, so that every tensor is aligned.
public final class SafeTensorsWriter {
    private static final ValueLayout.OfDouble F64 = ValueLayout.JAVA_DOUBLE.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat  F32 = ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int CHUNK = 1 << 20;                                                // bytes per write

    private SafeTensorsWriter() {}

    /// A tensor that is made when its turn comes to be written, and let go then.
    record Part(String name, DType dtype, Shape shape, Supplier<Tensor> tensor) {
        private Part(String name, Tensor tensor) {
            this(name, tensor.dtype(), tensor.shape(), () -> tensor);
        }

        private long bytes() {
            return shape.size() * dtype.bytes();
        }
    }

    /// @throws WeightsException if the file cannot be written; what was there before is then still there
    public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) {
        try {
            write(file, tensors.entrySet().stream().map(e -> new Part(e.getKey(), e.getValue())).toList(), metadata);
        } catch (IOException e) {
            throw new WeightsException(file + " cannot be written (" + Quote.reason(e)
                    + "); choose a file in a directory that exists and has room", e);
        }
    }

    /// The same, of tensors that need not be there all at once.
    static void write(Path file, List<Part> parts, Map<String, String> metadata) throws IOException {
        var sorted = parts.stream().sorted(Comparator.comparing(p -> -p.dtype().bytes()))    // stable: else as given
                .toList();
        var header = header(file, sorted, metadata);
        var target = file.toAbsolutePath();
        var partial = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".partial");
        try {
            try (var out = FileChannel.open(partial, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
                drain(out, header);
                for (var part : sorted) write(out, part.tensor().get());
                out.force(true);
            }
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            discard(partial);
        }
    }

    private static ByteBuffer header(Path file, List<Part> parts, Map<String, String> metadata) {
        requireUnicode(file, Stream.concat(parts.stream().map(Part::name), metadata.keySet().stream()));
        requireUnicode(file, metadata.values().stream());
        var json = new ByteArrayOutputStream();
        try (var out = Json.FACTORY.createGenerator(ObjectWriteContext.empty(), json)) {
            out.writeStartObject();
            if (!metadata.isEmpty()) describe(out, metadata);
            var at = 0L;
            for (var part : parts) at = describe(out, part, at);
            out.writeEndObject();
        }
        while (json.size() % 8 != 0) json.write(' ');
        if (json.size() > SafeTensors.MAX_HEADER_BYTES)
            throw new WeightsException(file + " cannot be written: its header would have " + json.size()
                    + " bytes, at most " + SafeTensors.MAX_HEADER_BYTES + " are allowed; write several files");
        return ByteBuffer.allocate(8 + json.size()).order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.size()).put(json.toByteArray()).flip();
    }

    private static void requireUnicode(Path file, Stream<String> texts) {
        texts.filter(text -> !Quote.isUnicode(text)).findFirst().ifPresent(text -> {
            throw new WeightsException(file + " cannot be written: " + Quote.name(text)
                    + " is not valid Unicode; rename it");
        });
    }

    private static void describe(JsonGenerator out, Map<String, String> metadata) {
        out.writeObjectPropertyStart("__metadata__");
        metadata.forEach(out::writeStringProperty);
        out.writeEndObject();
    }

    /// @return where the next tensor begins
    private static long describe(JsonGenerator out, Part part, long at) {
        if (part.name().equals("__metadata__"))
            throw new IllegalArgumentException("no tensor can be named __metadata__: the format keeps that name");
        var end = at + part.bytes();
        out.writeObjectPropertyStart(part.name());
        out.writeStringProperty("dtype", part.dtype().name());
        out.writeArrayPropertyStart("shape");
        for (int d : part.shape().dims()) out.writeNumber(d);
        out.writeEndArray();
        out.writeArrayPropertyStart("data_offsets");
        out.writeNumber(at);
        out.writeNumber(end);
        out.writeEndArray();
        out.writeEndObject();
        return end;
    }

    private static void write(FileChannel out, Tensor tensor) throws IOException {
        switch (tensor.storage()) {
            case Storage.Floats(var a)    -> copy(out, DType.F32, a.length,
                    (chunk, from, n) -> MemorySegment.copy(a, from, chunk, F32, 0, n));
            case Storage.Doubles(var a)   -> copy(out, DType.F64, a.length,
                    (chunk, from, n) -> MemorySegment.copy(a, from, chunk, F64, 0, n));
            case Storage.Coded c          -> copy(out, DType.F32, Math.toIntExact(c.elements()),
                    (chunk, from, n) -> { for (int i = 0; i < n; i++) chunk.setAtIndex(F32, i, c.get(from + i)); });
            case Storage.Remote r         -> copy(out, DType.F32, Math.toIntExact(r.elements()), (chunk, from, n) -> {
                var read = new float[n];
                r.read(from, n, read, 0);
                MemorySegment.copy(read, 0, chunk, F32, 0, n);
            });
            case Storage.Mapped(var m, _) -> {
                for (long at = 0; at < m.byteSize(); at += CHUNK)
                    drain(out, m.asSlice(at, Math.min(CHUNK, m.byteSize() - at)).asByteBuffer());
            }
        }
    }

    private interface Fill {
        void fill(MemorySegment chunk, int from, int count);
    }

    private static void copy(FileChannel out, DType dtype, int elements, Fill fill) throws IOException {
        try (var arena = Arena.ofConfined()) {
            var chunk = arena.allocate(CHUNK, DType.F64.bytes());
            var step = CHUNK / dtype.bytes();
            for (int from = 0; from < elements; from += step) {
                var count = Math.min(step, elements - from);
                fill.fill(chunk, from, count);
                drain(out, chunk.asSlice(0, (long) count * dtype.bytes()).asByteBuffer());
            }
        }
    }

    private static void drain(FileChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) out.write(bytes);
    }

    /// Best effort: after a move there is nothing left, after a failure it is the failure that the caller hears.
    private static void discard(Path partial) {
        try {
            Files.deleteIfExists(partial);
        } catch (IOException _) {
            // the sentence already under way says more than that its partial file stayed
        }
    }
}
