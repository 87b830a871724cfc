import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The house style as far as a machine can tell: one line per offence, `file:line: what`.
///
/// It does not format: aligned maths stays as its author lined it up.
record Style(Path root, List<String> offences) {
    private static final int COLUMNS = 120;
    private static final int LINES = 400;
    private static final Pattern UNFINISHED = Pattern.compile("\\b(TODO|FIXME|XXX)\\b");
    private static final Pattern PUBLIC_TYPE = Pattern.compile(
            "public (?:(?:abstract|final|sealed|non-sealed|static) )*(?:class|interface|@interface|record|enum) .*");

    /// True if every Java source keeps to the style; prints the offences to stderr.
    static boolean check(Path root) throws IOException {
        var style = new Style(root, new ArrayList<>());
        for (var source : sources(root)) style.source(source);
        style.offences.forEach(System.err::println);
        int count = style.offences.size();
        if (count > 0) System.err.println("clew: " + count + " offences against the house style");
        return count == 0;
    }

    private static List<Path> sources(Path root) throws IOException {
        try (var modules = Files.list(root)) {
            var folders = modules.flatMap(module -> Stream.of(module.resolve("src"), module)
                    .filter(folder -> folder.endsWith("src") || folder.endsWith("build-tools")));
            var files = new ArrayList<Path>();
            for (var folder : folders.filter(Files::isDirectory).sorted().toList()) {
                try (var walk = Files.walk(folder)) {
                    files.addAll(walk.filter(file -> file.toString().endsWith(".java")).sorted().toList());
                }
            }
            return files;
        }
    }

    private void source(Path file) throws IOException {
        var text = Files.readString(file);
        var lines = text.lines().toList();
        if (!text.endsWith("\n")) offence(file, lines.size(), "the last line has no end");
        if (lines.size() > LINES) offence(file, lines.size(), "more than " + LINES + " lines");
        boolean printing = text.contains("static void main(")
            || Stream.of("app", "bench", "build-tools").anyMatch(f -> file.startsWith(root.resolve(f)));
        for (int i = 0; i < lines.size(); i++) line(file, i + 1, lines.get(i), printing);
        documented(file, lines);
        if (mainPackage(file) && !Files.exists(file.resolveSibling("package-info.java")))
            offence(file, 1, "its package has no package-info.java");
    }

    private void line(Path file, int number, String line, boolean printing) {
        if (line.codePointCount(0, line.length()) > COLUMNS) offence(file, number, "more than " + COLUMNS + " columns");
        if (line.indexOf('\t') >= 0)                         offence(file, number, "a tab");
        if (line.endsWith(" "))                              offence(file, number, "trailing blanks");
        if (unfinished(file, line))                          offence(file, number, "unfinished business");
        if (!printing && line.contains("System.out"))        offence(file, number, "System.out outside programs");
    }

    /// This file names the words that it looks for.
    private static boolean unfinished(Path file, String line) {
        return !file.endsWith("Style.java") && UNFINISHED.matcher(line).find();
    }

    /// A public top-level type has `///` above it, annotations aside.
    private void documented(Path file, List<String> lines) {
        if (file.toString().contains("/src/test/")) return;
        for (int i = 0; i < lines.size(); i++) {
            if (!PUBLIC_TYPE.matcher(lines.get(i)).matches()) continue;
            if (lines.subList(0, i).stream().noneMatch(line -> line.startsWith("///")))
                offence(file, i + 1, "no /// above a public type");
        }
    }

    private static boolean mainPackage(Path file) {
        return file.toString().replace('\\', '/').contains("/src/main/java/clew/");
    }

    private void offence(Path file, int line, String what) {
        offences.add(root.relativize(file) + ":" + line + ": " + what);
    }
}
