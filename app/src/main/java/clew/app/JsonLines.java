package clew.app;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Many requests in one process: a JSON object per line in, one or more per line out, in order, each written at once.
///
/// A line that fails gives `{"name", "error"}`, and the run goes on. With `--out`, lines that an earlier run finished
/// are left out, so that an interrupted run resumes.
final class JsonLines {
    /// What a verb does with a line.
    interface Work {
        /// The keys that a line may have, besides its name.
        Set<Key> keys();

        /// A request, checked.
        Job job(Given given);
    }

    /// A request that waits for its turn.
    interface Job {
        /// The parts of its answer, one line each: the methods of an explanation.
        Set<String> parts();

        /// The answer, without the parts that are already there.
        Answer run(String name, Set<String> there);

        /// One with one answer.
        static Job of(Function<String, byte[]> answer) {
            return new Single(answer);
        }
    }

    /// What a job says.
    ///
    /// @param meets whether all of it is as good as a tolerance asked for
    record Answer(byte[] lines, boolean meets) {}

    private record Single(Function<String, byte[]> answer) implements Job {
        @Override
        public Set<String> parts() {
            return Set.of(Finished.ONLY);
        }

        @Override
        public Answer run(String name, Set<String> there) {
            return new Answer(answer.apply(name), true);
        }
    }

    private final Io io;
    private final Work work;
    private final Given defaults;
    private final Progress progress;
    private final Consumer<Throwable> debug;
    private final Map<String, Long> names = new HashMap<>();
    private boolean failed, unmet;

    JsonLines(Io io, Work work, Given defaults, Progress progress, Consumer<Throwable> debug) {
        this.io = io;
        this.work = work;
        this.defaults = defaults;
        this.progress = progress;
        this.debug = debug;
    }

    /// @throws UsageException if another form than JSON is asked for
    static void requireJson(@Nullable String format) {
        if (format != null && !format.equals(Format.JSON.label()))
            throw new UsageException("--jsonl answers with JSON lines; leave --format " + format + " out");
    }

    /// @param source a file, or `-` for standard input
    /// @return the exit code: 1 if any line failed, now or in the run that this one resumes, else 3 if one misses its
    ///         tolerance
    int run(String source, Output output) {
        try (var lines = new Lines(open(source, output)); var sink = Sink.to(output)) {
            var size = source.equals("-") ? 0 : Files.size(Path.of(source));
            var number = 0L;
            for (var line = lines.next(); line.isPresent(); line = lines.next()) {
                number++;
                if (line.get().text().isBlank() && line.get().fault().isEmpty()) continue;
                answer(line.get(), number, sink);
                if (size > 0) progress.at((double) lines.bytes() / size);
            }
        } catch (IOException e) {
            throw new OutputException(source + " cannot be read (" + Output.reason(e) + "); check it", e);
        }
        return failed ? Failure.FAILED : unmet ? Failure.UNMET : Failure.SUCCESS;
    }

    private InputStream open(String source, Output output) {
        try {
            if (source.equals("-")) return io.in();
            var file = Path.of(source);
            if (output.file().isPresent() && Files.exists(output.file().get()) && Files.isSameFile(file,
                output.file().get()))
                throw new UsageException("--out and --jsonl name the same file; write the results to another");
            return Files.newInputStream(file);
        } catch (InvalidPathException _) {
            throw new UsageException("--jsonl '" + source + "' is not the name of a file; name one");
        } catch (IOException e) {
            throw new UsageException("--jsonl " + source + " cannot be read (" + Output.reason(e)
                + "); name another file");
        }
    }

    private void answer(Lines.Line line, long number, Sink sink) {
        var name = Long.toString(number);
        byte[] answer;
        try {
            var object = object(line);
            name = name(object).orElse(name);
            var job = work.job(Given.of(object, work.keys()).over(defaults));
            requireNew(name, number);
            if (sink.finished().has(name, job.parts())) {
                failed |= sink.finished().failed().contains(name);
                unmet |= sink.finished().unmet().contains(name);
                return;
            }
            var said = job.run(name, sink.finished().of(name));
            unmet |= !said.meets() || sink.finished().unmet().contains(name);
            answer = said.lines();
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
            if (sink.finished().failed().contains(name)) {
                failed = true;
                return;
            }
            answer = failure(name, e);
        }
        sink.write(answer);
    }

    private static JsonNode object(Lines.Line line) {
        if (line.fault().isPresent()) throw new UsageException(line.fault().get());
        try {
            var node = JsonText.MAPPER.readTree(line.text());
            if (!node.isObject())
                throw new UsageException("the line is not a JSON object; write {\"prompt\": \"…\"}");
            return node;
        } catch (JacksonException e) {
            throw new UsageException("the line is not valid JSON (" + e.getOriginalMessage() + "); correct it");
        }
    }

    private static Optional<String> name(JsonNode object) {
        if (!object.has("name")) return Optional.empty();
        if (!object.get("name").isString()) throw new UsageException("name is not a string; put it in quotes");
        return Optional.of(object.get("name").stringValue());
    }

    private void requireNew(String name, long number) {
        var before = names.putIfAbsent(name, number);
        if (before != null)
            throw new UsageException("line " + before + " has the name '" + name + "' too; give each line its own");
    }

    private byte[] failure(String name, Throwable e) {
        failed = true;
        debug.accept(e);
        return JsonText.object(name, g -> JsonText.text(g, "error", Failure.of(e).sentence()));
    }

    /// Where answers go: standard output, or the end of a file.
    private record Sink(Output output, Finished finished, Optional<FileChannel> channel) implements AutoCloseable {
        static Sink to(Output output) throws IOException {
            if (output.file().isEmpty()) return new Sink(output, Finished.nothing(), Optional.empty());
            var file = output.file().get();
            var finished = Finished.in(file);
            try {
                var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                if (Files.isRegularFile(file)) channel.truncate(finished.bytes()).position(finished.bytes());
                return new Sink(output, finished, Optional.of(channel));
            } catch (IOException e) {
                throw Output.unwritable(file, e);
            }
        }

        void write(byte[] answer) {
            if (channel.isEmpty()) output.print(answer);
            else
                try {
                    for (var bytes = ByteBuffer.wrap(answer); bytes.hasRemaining();) channel.get().write(bytes);
                } catch (IOException e) {
                    throw Output.unwritable(output.file().orElseThrow(), e);
                }
        }

        @Override
        public void close() throws IOException {
            if (channel.isPresent()) channel.get().close();
        }
    }
}
