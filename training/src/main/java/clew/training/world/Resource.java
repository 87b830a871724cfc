package clew.training.world;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// A text beside the classes: `[section]`, then its lines; `#` begins a comment.
record Resource(String file, Map<String, List<String>> sections) {
    static Resource read(String file) {
        var sections = new LinkedHashMap<String, List<String>>();
        var current = new ArrayList<String>();
        for (var line : text(file).lines().map(String::strip).toList()) {
            if (line.isEmpty() || line.startsWith("#")) continue;
            if (line.startsWith("[")) sections.put(line.substring(1, line.length() - 1), current = new ArrayList<>());
            else current.add(line);
        }
        return new Resource(file, sections);
    }

    /// The same without the lines that `wanted` refuses.
    Resource only(Predicate<String> wanted) {
        var only = new LinkedHashMap<String, List<String>>();
        sections.forEach((section, lines) -> only.put(section, lines.stream().filter(wanted).toList()));
        return new Resource(file, only);
    }

    private static String text(String file) {
        try (var in = Resource.class.getResourceAsStream(file)) {
            if (in == null) throw new IllegalStateException(file + " is missing beside the classes; build again");
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<String> lines(String section) {
        var lines = sections.get(section);
        if (lines == null) throw new IllegalArgumentException(file + " has no section [" + section + "]");
        return List.copyOf(lines);
    }

    /// The cells of each line, cut at bars.
    List<List<String>> rows(String section) {
        return lines(section).stream().map(line -> cells(line, "\\|")).toList();
    }

    /// All entries of a section, cut at commas.
    List<String> words(String section) {
        return lines(section).stream().flatMap(line -> cells(line, ",").stream()).toList();
    }

    private static List<String> cells(String line, String at) {
        return Arrays.stream(line.split(at)).map(String::strip).toList();
    }
}
