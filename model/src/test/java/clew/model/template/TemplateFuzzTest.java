package clew.model.template;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Whatever a template says, it is rendered or refused in one sentence, soon.
///
/// Some seconds of it in every test run; `-Dfuzz.seconds=600` makes it ten minutes, `-Dfuzz.seed=N` begins elsewhere.
final class TemplateFuzzTest {
    private static final long SECONDS = Long.getLong("fuzz.seconds", 2), SEED = Long.getLong("fuzz.seed", 1);
    private static final int BATCH = 50;
    private static final long SLOW = TimeUnit.SECONDS.toNanos(20);
    private static final String[] PIECES = """
        {{ ¦ }} ¦ {%- ¦ -%} ¦ {{- ¦ -}} ¦ {#+ #} ¦ {% raw %} ¦ {% endraw %} ¦ {% if x %} ¦ {% elif y %} ¦ {% else %}¦
        {% endif %} ¦ {% for x in y %} ¦ {% endfor %} ¦ {% for k,v in d.items() %} ¦ {% set x = 1 %} ¦ {% endset %}¦
        {% set ns = namespace(a=1) %} ¦ {% set ns.a = ns %} ¦ {% macro m(a,b=1) %} ¦ {% endmacro %} ¦ {% set x %}¦
        {% call m() %} ¦ {% endcall %} ¦ {% filter upper %} ¦ {% endfilter %} ¦ {% break %} ¦ {% continue %}¦
        {% generation %} ¦ {% endgeneration %} ¦ {% for x in l recursive %} ¦ {% with a=1 %} ¦ {% endwith %}¦
        ( ¦ ) ¦ [ ¦ ] ¦ { ¦ } ¦ , ¦ . ¦ : ¦ | ¦ ~ ¦ + ¦ - ¦ * ¦ ** ¦ / ¦ // ¦ % ¦ = ¦ == ¦ < ¦ >= ¦ 'a' ¦ "b"
        ¦ ' ¦ \\ ¦ 0 ¦ -1 ¦ 1.5 ¦ 1e308 ¦ 99999999999 ¦ 0x1f ¦ true ¦ none ¦ x ¦ loop ¦ messages ¦ message.content
        ¦ message['role'] ¦ tools ¦ d ¦ s ¦ l ¦ ns ¦ range(9) ¦ namespace() ¦ is ¦ in ¦ not ¦ and ¦ or ¦ if ¦ else
        ¦ defined ¦ string ¦ mapping ¦ |length ¦ |trim ¦ |tojson ¦ |tojson(indent=4) ¦ |list ¦ |join¦
        |map(attribute='a') ¦ |selectattr('a','equalto',1) ¦ |default('x',true) ¦ |replace('a','b') ¦ |first ¦ |last¦
        |sort ¦ |unique ¦ |reverse ¦ |items ¦ |dictsort ¦ |int ¦ |float ¦ |string ¦ |safe ¦ |escape ¦ |indent¦
        |batch(2) ¦ |slice(2) ¦ |groupby('a') ¦ |round ¦ |sum ¦ |format(1) ¦ |center(9) ¦ |truncate(9) ¦ .split()¦
        .strip() ¦ .get('a') ¦ .items() ¦ .append(1) ¦ .format(x) ¦ .join(l) ¦ [0] ¦ [-1] ¦ [1:] ¦ [::-1]¦
        [:99999999999] ¦ %s ¦ %d ¦ {0} ¦ {x!r} ¦ {:>9} ¦ raise_exception(x) ¦ strftime_now('%Y') ¦ loop.index¦
        loop.last ¦ loop(x) ¦ caller() ¦ varargs ¦ kwargs ¦ cycler(1,2).next() ¦ *l ¦ **d
        {% for i in range(40) %}{% set ns.a = [ns.a, ns.a] %}{% endfor %} ¦ {% set ns.a = [ns.a, ns.a] %} ¦ ns.a
        {% for i in range(40) %}{% set ns.a = {'a': ns.a, 'b': ns.a} %}{% endfor %} ¦ {% set ns.a = (ns.a,) + (ns.a,) %}
        {% set ns.a = ns.a ~ ns.a %} ¦ {% for i in range(40) %}{% set ns.a = ns.a + ns.a %}{% endfor %}
        {% set l = [l,l] %} ¦ == ns.a ¦ in ns.a ¦ in [ns.a] ¦ {% for x in ns.a %} ¦ {% for x in [l,l] %}
        {{ ns.a }} ¦ {{ ns.a|tojson }}
        {{ ns.a == [ns.a] }} ¦ {{ ns.a in ns.a }} ¦ {{ ns.a|string|length }} ¦ {{ ns.a|list|sort }} ¦ {{ {ns.a: 1} }}
        |map('list') ¦ |map('length') ¦ |map('string') ¦ |sum(start=[]) ¦ .update(d) ¦ .copy() ¦ * 9"""
            .split("\\s*[¦\\n]\\s*");

    /// What a template may begin with that goes on to make lists hold the same list many times.
    private static final String SHARED = "{% set ns = namespace(a=[1]) %}{% set l = [1] %}{% set d = {'a': l} %}";

    private final SplittableRandom random = new SplittableRandom(SEED);

    @Test
    void everyTemplateIsRenderedOrRefused() throws IOException {
        var seeds = seeds();
        var chats = chats();
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        long cases = 0, rendered = 0;
        var batch = new ArrayList<BooleanSupplier>();
        for (; System.nanoTime() < end; cases++) {
            var template = random.nextInt(4) == 0 ? generated() : mutated(seeds);
            var chat = chats.get(random.nextInt(chats.size()));
            batch.add(() -> passes(template, chat));
            if (batch.size() < BATCH) continue;
            rendered += passed(batch);
            batch.clear();
        }
        rendered += passed(batch);
        System.err.println("fuzz: " + cases + " templates, " + rendered + " rendered, seed " + SEED);
    }

    /// How many are rendered, one after another on a stack for all of them: starting a thread for each takes longer
    /// than most templates.
    private static long passed(List<BooleanSupplier> batch) {
        return OwnStack.run(() -> batch.stream().filter(BooleanSupplier::getAsBoolean).count());
    }

    private boolean passes(String template, Map<String, JsonNode> chat) {
        var start = System.nanoTime();
        var rendered = renders(template, chat);
        var again = System.nanoTime();
        if (again - start > SLOW) {                                     // or the machine was busy
            renders(template, chat);
            if (System.nanoTime() - again > SLOW) fail("too slow: " + template);
        }
        return rendered;
    }

    private static boolean renders(String template, Map<String, JsonNode> chat) {
        try {
            ChatTemplate.parse(template).render(chat, PeerTemplateTest.NOW, new Room(2_000_000));
            return true;
        } catch (TemplateException e) {
            if (!e.getMessage().startsWith("chat template")) fail("no place in '" + e.getMessage() + "': " + template);
            return false;
        } catch (RuntimeException | Error e) {
            throw new AssertionError("seed " + SEED + ", template: " + template + "\n" + chat, e);
        }
    }

    /// The small templates of the fixture and, where they are, the real ones.
    private static List<String> seeds() throws IOException {
        var seeds = new ArrayList<String>();
        JinjaTest.snippets().forEach(s -> seeds.add(s.template()));
        var folder = Shared.root().resolve("tokenizers/templates");
        if (Files.isDirectory(folder)) {
            try (var files = Files.list(folder)) {
                for (var file : files.filter(f -> f.toString().endsWith(".jinja")).sorted().toList())
                    for (int weight = 0; weight < 10; weight++) seeds.add(Files.readString(file));
            }
        }
        return seeds;
    }

    private static List<Map<String, JsonNode>> chats() throws IOException {
        try (var in = TemplateFuzzTest.class.getResourceAsStream("chats.json")) {
            return StreamSupport.stream(new JsonMapper().readTree(in).spliterator(), false)
                .map(PeerTemplateTest::members).toList();
        }
    }

    private String generated() {
        var out = new StringBuilder(random.nextBoolean() ? "" : SHARED);
        for (int n = 1 + random.nextInt(40); n > 0; n--) out.append(piece()).append(random.nextBoolean() ? " " : "");
        return out.toString();
    }

    private String piece() {
        return PIECES[random.nextInt(PIECES.length)];
    }

    private String mutated(List<String> seeds) {
        var template = seeds.get(random.nextInt(seeds.size()));
        for (int n = 1 + random.nextInt(4); n > 0; n--) {
            int a = random.nextInt(template.length() + 1), b = Math.min(template.length(), a + random.nextInt(40));
            String before = template.substring(0, a), behind = template.substring(b), cut = template.substring(a, b);
            template = switch (random.nextInt(7)) {
                case 0  -> before + behind;
                case 1  -> before + cut + cut + behind;
                case 2  -> before + piece() + behind;
                case 3  -> before + cut + piece() + behind;
                case 4  -> before + new StringBuilder(cut).reverse() + behind;
                case 5  -> before + (char) random.nextInt(32, 0x3000) + behind;
                default -> spliced(before, seeds.get(random.nextInt(seeds.size())));
            };
        }
        return template;
    }

    private String spliced(String before, String other) {
        return before + other.substring(random.nextInt(other.length() + 1));
    }
}
