package clew.bench.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;

/// One run of the suite as an entry of `RESULTS.md`: when, on what, by which command, and a table per benchmark.
record Report(LocalDate date, String profile, Machine machine, String flags, String command, List<Measured> results) {
    String toMarkdown() {
        var out = new StringBuilder("""
            ## %s · JMH, %s profile

            %s; %s, flags `%s`, commit %s. Times of an operation, ± half of the mean's 99.9 %% interval.

            ```
            %s
            ```
            """.formatted(date, profile, machine.hardware(), machine.jdk(), flags, machine.commit(), command));
        var byBenchmark = results.stream()
            .collect(Collectors.groupingBy(Measured::benchmark, LinkedHashMap::new, Collectors.toList()));
        byBenchmark.forEach((name, rows) -> out.append('\n').append(table(name, rows)));
        return out.toString();
    }

    private static String table(String name, List<Measured> rows) {
        var keys = rows.stream().flatMap(r -> r.parameters().keySet().stream()).distinct().toList();
        var lines = new ArrayList<String>();
        lines.add(line(name.replace("Benchmark", ""), keys, "time", "±", "speed"));
        lines.add("|---".repeat(keys.size() + 4) + "|");
        for (var r : rows)
            lines.add(line(r.method(), keys.stream().map(k -> r.parameters().getOrDefault(k, "–")).toList(), r.time(),
                r.interval(), r.speed()));
        return String.join("\n", lines) + "\n";
    }

    private static String line(String first, List<String> middle, String... last) {
        var cells = new ArrayList<>(List.of(first));
        cells.addAll(middle);
        cells.addAll(List.of(last));
        return "| " + String.join(" | ", cells) + " |";
    }

    /// Puts the entry above the others, which are newest first.
    ///
    /// @throws IOException if the file cannot be read or written
    void record(Path results) throws IOException {
        var text = Files.readString(results);
        var first = text.indexOf("\n## ") + 1;
        if (first == 0) first = text.length();
        Files.writeString(results, text.substring(0, first) + toMarkdown() + "\n" + text.substring(first));
    }
}
