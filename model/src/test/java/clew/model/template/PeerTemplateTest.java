package clew.model.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Real templates give what Python gives, and refuse what it refuses.
final class PeerTemplateTest {
    /// The day on which `docs/golden` renders.
    static final LocalDateTime NOW = LocalDateTime.of(2026, 7, 4, 12, 34, 56, 789_012_000);
    private static final JsonMapper MAPPER = new JsonMapper();

    /// Four of the files are later than what `expected.json` was made of: Python of today gives other texts for them
    /// too, and the expected ones once these edits are undone.
    private static final Map<String, List<Edit>> EDITED = Map.of(
        "Qwen-QwQ-32B.jinja", List.of(
            new Edit("    {%- if not enable_thinking -%}{{- '</think>' -}}{%- endif -%}\n", "")),
        "deepseek-ai-DeepSeek-R1-Distill-Qwen-32B.jinja", List.of(
            new Edit("{% if not enable_thinking %}{{- '</think>' -}}{% endif %}", "")),
        "CohereForAI-c4ai-command-r7b-12-2024-tool_use.jinja", List.of(
            new Edit("{%- if not enable_thinking -%}<|START_THINKING|><|END_THINKING|>{%- endif %}", "")),
        "deepseek-ai-DeepSeek-V3.1.jinja", List.of(
            new Edit("<think></think>", "</think>")));

    private record Edit(String made, String undone) {}

    /// A template, what it is given, and what Python made of it; nothing where Python raised.
    record Row(String file, String scenario, JsonNode variables, JsonNode expected) {
        static Row of(JsonNode row) {
            return new Row(row.get("file").stringValue(), row.get("scenario").stringValue(), row.get("ctx"),
                row.path("ok"));
        }

        void check(String template) {
            if (!expected.isMissingNode()) assertEquals(expected.stringValue(), rendered(template), toString());
            else {
                var said = assertThrows(TemplateException.class, () -> rendered(template), toString()).getMessage();
                assertTrue(said.matches("(?s)chat template, line \\d+, .+: .+"), said);
            }
        }

        private String rendered(String template) {
            return ChatTemplate.parse(template).render(members(variables), NOW).text();
        }

        @Override
        public String toString() {
            return file + ", " + scenario;
        }
    }

    static Map<String, JsonNode> members(JsonNode object) {
        var all = new LinkedHashMap<String, JsonNode>();
        object.properties().forEach(p -> all.put(p.getKey(), p.getValue()));
        return all;
    }

    static Stream<Row> rows() throws IOException {
        var expected = MAPPER.readTree(Files.readString(Shared.path("tokenizers/templates/expected.json")));
        return StreamSupport.stream(expected.spliterator(), false).map(Row::of);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void aTemplateSpeaksAsInPython(Row row) throws IOException {
        var template = Files.readString(Shared.path("tokenizers/templates").resolve(row.file));
        for (var edit : EDITED.getOrDefault(row.file, List.of())) {
            assertTrue(template.contains(edit.made), "the edit is gone from " + row.file);
            template = template.replace(edit.made, edit.undone);
        }
        row.check(template);
    }

    @Test
    void everyTemplateOfTheFolderSpeaksAsInPythonOnOurScenarios() throws Exception {
        var folder = Shared.path("tokenizers/templates");
        var templates = new LinkedHashMap<String, String>();
        var count = 0;
        for (var line : python("templates.py", folder.toString())) {
            var row = Row.of(MAPPER.readTree(line));
            row.check(templates.computeIfAbsent(row.file, f -> read(folder.resolve(f))));
            count++;
        }
        assertTrue(count > 6000, count + " rows");
        assertEquals(57, templates.size());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /// The lines that a script of `docs/golden` prints; the test is skipped where Python lacks what it needs.
    static List<String> python(String script, String... arguments) throws IOException, InterruptedException {
        var scripts = Path.of(Files.isRegularFile(Path.of("../pom.xml")) ? "../docs/golden" : "docs/golden");
        var command = Stream.concat(Stream.of("python3", scripts.resolve(script).toString()), Stream.of(arguments));
        try {
            var check = new ProcessBuilder("python3", "-c", "import jinja2, importlib.util;"
                + " raise SystemExit(importlib.util.find_spec('transformers') is None)").redirectErrorStream(true)
                .start();
            check.getInputStream().readAllBytes();
            if (check.waitFor() != 0) throw new IOException("it lacks them");
        } catch (IOException _) {
            var why = "python3 with jinja2 and transformers is not here: install them to run this test";
            System.err.println("skipped: " + why);
            Assumptions.abort(why);
        }
        var made = new ProcessBuilder(command.toList()).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        var lines = new String(made.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertEquals(0, made.waitFor(), script);
        return lines.lines().toList();
    }
}
