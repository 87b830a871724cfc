package clew.model.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Each construct means what it means in Python; faults name their place.
final class JinjaTest {
    /// A small template and what Python made of it, by `docs/golden/jinja.py`; nothing where Python raised.
    record Snippet(String template, Map<String, JsonNode> context, JsonNode expected) {
        @Override
        public String toString() {
            return template;
        }
    }

    static Stream<Snippet> snippets() throws IOException {
        try (var in = JinjaTest.class.getResourceAsStream("jinja.json")) {
            var fixture = new JsonMapper().readTree(in);
            var context = PeerTemplateTest.members(fixture.get("context"));
            return StreamSupport.stream(fixture.get("rows").spliterator(), false)
                .map(r -> new Snippet(r.get("template").stringValue(), context, r.path("ok")));
        }
    }

    @ParameterizedTest
    @MethodSource("snippets")
    void aConstructMeansWhatItMeansInPython(Snippet s) {
        if (s.expected.isMissingNode()) assertThrows(TemplateException.class, () -> rendered(s));
        else assertEquals(s.expected.stringValue(), rendered(s));
    }

    private static String rendered(Snippet s) {
        return ChatTemplate.parse(s.template).render(s.context, PeerTemplateTest.NOW).text();
    }

    private static String said(String template) {
        return assertThrows(TemplateException.class,
            () -> ChatTemplate.parse(template).render(Map.of(), PeerTemplateTest.NOW, new Room(5_000_000)))
            .getMessage();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '¦', value = {
        "a\\n{{ x + 1 }}¦line 2, operator '+': 'x' is undefined",
        "{% if true %}\\n{{ none|length }}{% endif %}¦line 2, filter 'length': object of type 'NoneType' has no len()",
        "\\n\\n{% for x in 3 %}{% endfor %}¦line 3, statement 'for': 'int' object is not iterable",
        "{% macro m() %}\\n{{ 1/0 }}{% endmacro %}{{ m() }}¦line 2, operator '/': division by zero",
        "{{ raise_exception('no system role') }}¦line 1, call of 'raise_exception': no system role",
        "{% if x %}¦line 1, statement 'if': the end of the template stands where 'elif' or 'else' or 'endif' should",
        "{% include 'x' %}¦line 1, statement 'include': it is not supported; known are if, for, set, macro, call,"
            + " filter, with, break, continue, generation, block, print and raw",
        "{% for x in [] %}{% endif %}¦line 1, statement 'endif': it stands inside 'for', which ends with 'else' or"
            + " 'endfor'",
        "{{ 'a' | urlize }}¦line 1, filter: filter 'urlize' is not supported",
        "{{ 'a' | tojosn }}¦line 1, filter: no filter has the name 'tojosn'",
        "{{ [].append(1) }}¦line 1, call of 'append': 'append' would change a list, which a template may not;"
            + " make a new one",
    })
    void aFaultNamesLineAndConstruct(String template, String fault) {
        assertEquals("chat template, " + fault, said(template.replace("\\n", "\n")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '¦', value = {
        "{% for i in range(9999) %}{% for j in range(9999) %}{% endfor %}{% endfor %}¦million steps",
        "{% set n = namespace(s='a') %}{% for i in range(60) %}{% set n.s = n.s ~ n.s %}{% endfor %}¦million steps",
        "{% set ns = namespace(s=[1]) %}{% for i in range(60) %}{% set ns.s = ns.s + ns.s %}{% endfor %}¦million steps",
        "{{ 'a' * 1000000000000 }}¦million steps",
        "{{ [1] * 1000000000000 }}¦million steps",
        "{{ 'a'.center(1000000000) }}¦million steps",
        "{{ '%999999999d' % 1 }}¦million steps",
        "{{ '{:999999999}'.format(1) }}¦million steps",
        "{{ 'a'|indent(999999999, true) }}¦million steps",
        "{{ ('a' * 1000000).replace('a', 'b' * 1000000) }}¦million steps",
        "{{ ([''] * 1000000)|join('b' * 1000000) }}¦million steps",
        "{{ [1]|batch(2000000000, 1)|list }}¦million steps",
        "{{ [1]|tojson(indent=999999999) }}¦million steps",
        "{{ '%.999999999f' % 1 }}¦a precision of more than 1000 is not supported",
        "{{ 9 ** (9 ** 9) }}¦more than 65536 bits",
        "{{ range(1000000) }}¦range too big",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}¦nests deeper than 1000 levels",
        "{% macro m(f) %}{{ f(f) }}{% endmacro %}{{ m(m) }}¦nests deeper than 1000 levels",
    })
    void whatExplodesStopsAtALimit(String template, String limit) {
        var said = said(template);
        if (!said.contains(limit)) assertEquals(limit, said);
    }

    /// Lists and tuples that hold the same one twice, sixty times over: few in memory, 2⁶⁰ to whoever looks at all.
    @ParameterizedTest
    @ValueSource(strings = {"n.x == n.y", "n.x in [n.y]", "n.x < n.y", "[n.x, n.y]|sort", "[n.x, n.y]|min", "{n.k: 1}",
        "n.k in {}", "{}[n.k]", "{}.get(n.k)", "[n.k]|unique|list", "[n.x].index(n.y)", "[n.x].count(n.y)", "n.x",
        "{'a': n.x} == {'a': n.y}", "{'a': n.x}.values() == {'a': n.y}.values()", "n.x|tojson"})
    void whatHoldsItsPartsManyTimesStopsAtALimit(String expression) {
        var said = said("{% set n = namespace(x=[1], y=[1], k=(1,)) %}{% for i in range(60) %}"
            + "{% set n.x = [n.x, n.x] %}{% set n.y = [n.y, n.y] %}{% set n.k = (n.k, n.k) %}{% endfor %}"
            + "{{ " + expression + " }}");
        assertTrue(said.contains("million steps"), said);
    }

    @Test
    void deepNestingStopsAtALimit() {
        for (var template : new String[] {"{{ " + "(".repeat(5000) + "1" + ")".repeat(5000) + " }}",
            "{{ " + "[".repeat(5000) + "]".repeat(5000) + " }}", "{{ " + "not ".repeat(5000) + "1 }}",
            "{{ " + "-".repeat(5000) + "1 }}", "{{ 1" + " + 1".repeat(5000) + " }}", "{{ x" + ".a".repeat(5000) + " }}",
            "{{ 1" + "|abs".repeat(5000) + " }}", "{% if 1 %}".repeat(5000) + "{% endif %}".repeat(5000),
            "{% set ns = namespace(x=[]) %}{% for i in range(90000) %}{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x }}",
            "{% set ns = namespace(x=[]) %}{% for i in range(90000) %}{% set ns.x = [ns.x] %}{% endfor %}"
                + "{{ ns.x == [ns.x] }}"})
            said(template);
    }

    @Test
    void nothingOfJavaIsInReach() {
        for (var access : new String[] {"x.getClass()", "x['class']", "x.__class__.__mro__", "''.getClass()", "x.class",
            "''['__class__']", "[].__class__()", "range.__globals__['os']", "namespace.body", "x.hashCode()",
            "('%s'|attr('format'))('x').getBytes()", "'{0.__class__.__init__}'.format('a')"}) {
            var rendered = ChatTemplate.parse("{{ " + access + " is defined }}");
            try {
                assertEquals("False", rendered.render(Map.of(), PeerTemplateTest.NOW).text(), access);
            } catch (TemplateException _) {
                // refused
            }
        }
    }
}
