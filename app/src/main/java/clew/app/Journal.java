package clew.app;

import clew.attribution.evaluation.Agreement;
import clew.attribution.evaluation.Verdict;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/// Verdicts that are kept as they come, one line of JSON each behind a first one that says what was asked, so that an
/// interrupted evaluation goes on where it stopped. Lines stand in the order in which verdicts came.
final class Journal implements AutoCloseable {
    private final Path file;
    private final FileChannel channel;
    private final Map<String, Verdict> known;

    private Journal(Path file, FileChannel channel, Map<String, Verdict> known) {
        this.file = file;
        this.channel = channel;
        this.known = known;
    }

    /// Opens or begins a file; a torn last line is dropped.
    ///
    /// @param asked everything that the verdicts depend on
    /// @throws UsageException if the file is the journal of something else
    static Journal open(String name, String asked) {
        var file = Output.path("--journal", name);
        try {
            var known = new HashMap<String, Verdict>();
            long whole = Files.isRegularFile(file) ? read(file, asked, known) : 0;
            var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            channel.truncate(whole).position(whole);
            var journal = new Journal(file, channel, known);
            if (whole == 0) journal.append(JsonText.object(null, g -> g.writeStringProperty("asked", asked)));
            return journal;
        } catch (IOException e) {
            throw Output.unwritable(file, e);
        }
    }

    private static long read(Path file, String asked, Map<String, Verdict> known) throws IOException {
        var whole = Finished.wholeLines(file);
        try (var lines = new Lines(Files.newInputStream(file))) {
            for (var first = true; lines.bytes() < whole; first = false) {
                var node = JsonText.MAPPER.readTree(lines.next().orElseThrow().text());
                if (first && !node.path("asked").isString()) throw notOurs(file);
                if (first && !node.get("asked").stringValue().equals(asked))
                    throw new UsageException("--journal " + file + " is of an evaluation with other settings ("
                        + node.get("asked").stringValue() + "); name another file, or move it away");
                if (!first) known.put(node.get("name").stringValue(), verdict(node));
            }
        } catch (JacksonException | NullPointerException _) {
            throw notOurs(file);
        }
        return whole;
    }

    private static UsageException notOurs(Path file) {
        return new UsageException("--journal " + file + " exists and holds something else than verdicts; move it away"
            + " or name another file");
    }

    Optional<Verdict> verdict(String name) {
        return Optional.ofNullable(known.get(name));
    }

    synchronized void add(Verdict v) {
        append(JsonText.object(v.name(), g -> members(g, v)));
    }

    private void append(byte[] line) {
        try {
            for (var bytes = ByteBuffer.wrap(line); bytes.hasRemaining();) channel.write(bytes);
        } catch (IOException e) {
            throw Output.unwritable(file, e);
        }
    }

    private static void members(JsonGenerator g, Verdict v) {
        g.writeNumberProperty("probability", v.probability());
        g.writeArrayPropertyStart("rankings");
        for (var r : v.rankings()) {
            g.writeStartObject();
            g.writeStringProperty("label", r.label());
            g.writeNumberProperty("seconds", r.seconds());
            g.writeName("scores");
            numbers(g, r.scores());
            g.writeName("metrics");
            numbers(g, r.metrics());
            g.writeEndObject();
        }
        g.writeEndArray();
        g.writeArrayPropertyStart("random");
        for (var draw : v.random()) numbers(g, draw);
        g.writeEndArray();
        g.writeArrayPropertyStart("agreements");
        for (var a : v.agreements()) numbers(g, a.spearman(), a.kendall(), a.overlap());
        g.writeEndArray();
    }

    private static void numbers(JsonGenerator g, double... numbers) {
        g.writeStartArray();
        for (double v : numbers) {
            if (Double.isFinite(v)) g.writeNumber(v);
            else g.writeNull();
        }
        g.writeEndArray();
    }

    private static Verdict verdict(JsonNode node) {
        var rankings = node.get("rankings").valueStream().map(r -> new Verdict.Ranking(r.get("label").stringValue(),
            numbers(r.get("scores")), numbers(r.get("metrics")), r.get("seconds").doubleValue())).toList();
        var random = node.get("random").valueStream().map(Journal::numbers).toArray(double[][]::new);
        List<Agreement> agreements = new ArrayList<>();
        node.get("agreements").valueStream().map(Journal::numbers)
            .forEach(a -> agreements.add(new Agreement(a[0], a[1], a[2])));
        return new Verdict(node.get("name").stringValue(), node.get("probability").doubleValue(), rankings, random,
            agreements);
    }

    private static double[] numbers(JsonNode list) {
        return list.valueStream().mapToDouble(n -> n.isNull() ? Double.NaN : n.doubleValue()).toArray();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw Output.unwritable(file, e);
        }
    }
}
