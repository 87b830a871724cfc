package clew.model.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// What nests without an end is refused at the same depth whatever stack the caller has, and however much is compiled.
final class NestingTest {
    private static final Path FINDINGS = Path.of("src/test/resources/clew/model/template/findings");
    private static final String LIMIT = "it nests deeper than 1000 levels; its macros, loops or values have no end, so"
        + " mend it";
    private static final long THIN = 512 << 10, WIDE = 64 << 20;

    /// A namespace whose `x` is made from itself, again and again.
    private static String grown(String from, String step) {
        return "{% set n = namespace(x=" + from + ") %}{% for i in range(30000) %}" + step + "{% endfor %}";
    }

    static Stream<String> endless() throws IOException {
        var nested = grown("[]", "{% set n.x = [n.x] %}");
        var mapping = grown("{}", "{% set n.x = {'a': n.x} %}");
        var tuple = grown("()", "{% set n.x = (n.x,) %}");
        var open = "{% if true %}{% for i in [1] %}{% with a=1 %}".repeat(40);
        var close = "{% endwith %}{% endfor %}{% endif %}".repeat(40);
        return Stream.concat(Stream.of(
            "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
            "{% macro m() %}{{ 1 + [m()]|length }}{% endmacro %}{{ m() }}",
            "{% macro m() %}" + open + "{{ m() }}" + close + "{% endmacro %}{{ m() }}",
            "{% macro m() %}{% call m() %}{{ caller() }}{% endcall %}{% endmacro %}{{ m() }}",
            "{% macro m(x=m()) %}{% endmacro %}{{ m() }}",
            "{% macro m() %}{% set a %}{{ m() }}{% endset %}{% endmacro %}{{ m() }}",
            "{% macro m() %}{% filter upper %}{{ m() }}{% endfilter %}{% endmacro %}{{ m() }}",
            "{% for x in [1] recursive %}{{ loop([x]) }}{% endfor %}",
            nested + "{{ n.x }}", nested + "{{ n.x|tojson }}", nested + "{{ n.x|tojson(indent=1) }}",
            nested + "{{ n.x == [n.x] }}", nested + "{{ n.x in [[n.x]] }}", nested + "{{ n.x < [n.x] }}",
            nested + "{{ [n.x, [n.x]]|sort }}", nested + "{{ n.x ~ 'a' }}", nested + "{{ '%r' % n.x }}",
            nested + "{{ '{}'.format(n.x) }}", nested + "{{ n.x|string }}", nested + "{{ [[n.x]].index(n.x) }}",
            mapping + "{{ n.x }}", mapping + "{{ n.x|tojson }}", mapping + "{{ n.x == {'a': n.x} }}",
            tuple + "{{ {n.x: 1} }}", tuple + "{{ {}.get(n.x) }}", tuple + "{{ [n.x]|unique|list }}",
            tuple + "{{ {}[n.x] is defined }}",
            grown("[1]", "{% set n.x = n.x|map('string') %}") + "{{ n.x|list }}",
            grown("[1]", "{% set n.x = n.x|select %}") + "{{ n.x|first }}",
            grown("[1]", "{% set n.x = n.x|unique %}") + "{% for y in n.x %}{% endfor %}",
            grown("range(99999)", "{% for y in n.x %}{% set n.x = loop %}{% break %}{% endfor %}")
                + "{{ n.x|list }}"), findings());
    }

    private static Stream<String> findings() throws IOException {
        try (var files = Files.list(FINDINGS)) {
            var all = files.sorted().toList();
            return all.stream().map(NestingTest::read);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("endless")
    void whatHasNoEndIsRefusedAtOneDepthOnEveryStack(String template) throws Exception {
        var said = on(WIDE, template);
        assertTrue(said.startsWith("chat template, line ") && said.endsWith(": " + LIMIT), said);
        assertEquals(said, on(THIN, template));
    }

    /// Long, but no deeper than a line of text.
    @Test
    void whatIsLongNeedsNoStack() throws Exception {
        assertEquals("1e+16", on(THIN, "{{ 1" + "_0".repeat(8) + "0".repeat(8) + ".0 }}"));
        assertEquals("inf", on(THIN, "{{ 1" + "_0".repeat(500_000) + ".0 }}"));
        assertEquals("inf", on(THIN, "{{ '1" + "_0".repeat(500_000) + "'|float }}"));
        assertEquals("chat template, line 1, call of 'format': 'dict object' has no attribute 'a'",
            on(THIN, "{{ '{0" + ".a".repeat(500_000) + "}'.format({}) }}"));
        assertEquals("b", on(THIN, "{% if false %}" + "{% elif false %}".repeat(50_000) + "{% else %}b{% endif %}"));
    }

    @ParameterizedTest
    @MethodSource("deep")
    void aTextThatNestsTooDeeplyIsRefusedOnEveryStack(String template) throws Exception {
        var said = on(WIDE, template);
        assertTrue(said.contains("nests deeper than 200 levels") || said.contains("more than 200 operations"), said);
        assertEquals(said, on(THIN, template));
    }

    static List<String> deep() {
        return List.of("{{ " + "(".repeat(5000) + "1" + ")".repeat(5000) + " }}",
            "{{ " + "[".repeat(5000) + "]".repeat(5000) + " }}", "{{ " + "not ".repeat(5000) + "1 }}",
            "{{ " + "-".repeat(5000) + "1 }}", "{{ 1" + " + 1".repeat(5000) + " }}", "{{ x" + ".a".repeat(5000) + " }}",
            "{{ 1" + "|abs".repeat(5000) + " }}", "{% if 1 %}".repeat(5000) + "{% endif %}".repeat(5000),
            "{% set x" + "|upper".repeat(5000) + " %}{% endset %}",
            "{% filter upper" + "|upper".repeat(5000) + " %}{% endfilter %}",
            "{% set " + "(".repeat(5000) + "a" + ")".repeat(5000) + " = 1 %}",
            "{{ " + "a if b else ".repeat(5000) + "c }}", "{{ a(" + "a(".repeat(5000) + ")".repeat(5001) + " }}");
    }

    /// As deep as a text may be, and a value: the stack has room for both.
    @Test
    void whatIsJustNotTooDeepIsRendered() throws Exception {
        for (var template : new String[] {"{{ " + "(".repeat(98) + "1" + ")".repeat(98) + " }}",
            "{% if 1 %}".repeat(98) + "1" + "{% endif %}".repeat(98), "{{ " + "+".repeat(197) + "1 }}",
            "{% macro m(n) %}{{ m(n - 1) if n else 1 }}{% endmacro %}{{ m(190) }}",
            "{% set n = namespace(x=[]) %}{% for i in range(990) %}{% set n.x = [n.x] %}{% endfor %}"
                + "{{ (n.x|tojson|length) // 1982 }}"})
            assertEquals("1", on(THIN, template));
    }

    @Test
    void aVariableThatNestsTooDeeplyIsRefused() throws Exception {
        JsonNode deep = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < 5000; i++) deep = JsonNodeFactory.instance.arrayNode().add(deep);
        assertEquals("chat template: its variable 'x': it nests deeper than 1000 levels; its macros, loops or values"
            + " have no end, so mend it", on(THIN, "", Map.of("x", deep)));
    }

    private static String on(long stack, String template) throws Exception {
        return on(stack, template, Map.of());
    }

    /// What comes out in a thread with that much stack.
    private static String on(long stack, String template, Map<String, JsonNode> variables) throws Exception {
        var task = new FutureTask<>(() -> {
            try {
                return ChatTemplate.parse(template).render(variables, PeerTemplateTest.NOW).text();
            } catch (TemplateException e) {
                return e.getMessage();
            }
        });
        new Thread(null, task, "stack of " + stack, stack).start();
        return task.get();
    }
}
