package clew.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Messages are a prompt like any other, for every verb that takes one.
final class ChatVerbTest {
    private static final String TEMPLATE = "{{ bos_token }}{% for m in messages %}{% if m.role == 'critic' %}"
        + "{{ raise_exception('no critics') }}{% endif %}c{{ m.content }}{% endfor %}"
        + "{% if add_generation_prompt %}b{% endif %}";
    private static final String CHAT = "[{\"role\": \"user\", \"content\": \"ab\"}]";

    @TempDir
    Path dir;
    private Path model, chat;

    @BeforeEach
    void chatModel() throws IOException {
        model = Tiny.model(dir.resolve("model"));
        var config = JsonText.MAPPER.createObjectNode().put("chat_template", TEMPLATE).put("bos_token", "<s>");
        Files.writeString(model.resolve("tokenizer_config.json"), config.toString());
        chat = Files.writeString(dir.resolve("chat.json"), CHAT);
    }

    @Test
    void aTemplateMakesTheIdsAndTheTokenizerAddsNothing() {
        var ids = Cli.run("tokens", "--model", model, "--format", "json", "--chat", chat).object().get("ids");
        var text = Cli.run("tokens", "--model", model, "--format", "json", "--no-special", "<s>cabb").object();
        assertEquals(text.get("ids"), ids);
        assertEquals(1, ids.get(0).asInt());
        assertFalse(ids.get(1).asInt() == 1);
    }

    @Test
    void tokensSaysWhoWroteThem() {
        var said = Cli.run("tokens", "--model", model, "--chat", chat);
        assertTrue(said.out().contains("  role       text\n"), said.out());
        assertTrue(said.out().matches("(?s).*  user       ab\n.*"), said.out());
        assertTrue(said.out().contains("  template   <s>  (special)\n"), said.out());
        assertEquals("", said.err());
    }

    @Test
    void everyVerbTakesMessages() throws IOException {
        var ids = idsOf(Cli.run("tokens", "--model", model, "--format", "json", "--chat", chat).object().get("ids"));
        for (var verb : List.of("explain", "generate")) {
            var byIds = Cli.run(verb, "--model", model, "--format", "json", "--ids", ids).object();
            var byChat = Cli.run(verb, "--model", model, "--format", "json", "--chat", chat);
            var fed = Cli.fed(CHAT, verb, "--model", model, "--format", "json", "--chat", "-");
            var part = verb.equals("explain") ? "scores" : "continuationIds";
            assertEquals(byIds.get(part), byChat.object().get(part));
            assertEquals(byIds.get(part), fed.object().get(part));
            assertEquals("", byChat.notes());
        }
        var file = dir.resolve("acts.safetensors");
        assertEquals(0, Cli.run("run", "--model", model, "--out", file, "--chat", chat).exit());
        assertTrue(Files.size(file) > 0);
    }

    private static String idsOf(JsonNode ids) {
        return ids.valueStream().map(JsonNode::asString).reduce((a, b) -> a + "," + b).orElseThrow();
    }

    @Test
    void linesTakeMessages() throws IOException {
        var lines = Files.writeString(dir.resolve("in.jsonl"), "{\"messages\": " + CHAT + "}\n"
            + "{\"messages\": {\"messages\": " + CHAT + ", \"add_generation_prompt\": false}}\n"
            + "{\"messages\": [{\"role\": \"critic\", \"content\": \"a\"}]}\n{\"messages\": 3}\n"
            + "{\"messages\": " + CHAT + ", \"prompt\": \"a\"}\n");
        for (var verb : List.of("tokens", "explain", "generate")) {
            var made = Cli.run(verb, "--model", model, "--jsonl", lines);
            assertEquals(1, made.exit());
            var all = made.lines();
            assertFalse(all.get(0).has("error"), made.out());
            assertFalse(all.get(1).has("error"), made.out());
            assertEquals("chat template, line 1, call of 'raise_exception': no critics", error(all.get(2)));
            assertTrue(error(all.get(3)).startsWith("a chat is a list of messages, "), error(all.get(3)));
            assertEquals("prompt and messages exclude each other; give one of them", error(all.get(4)));
        }
    }

    private static String error(JsonNode line) {
        return line.get("error").stringValue();
    }

    @Test
    void rolesMarkTheRowsAndTemplateTokensCanBeLeftOut() {
        var page = Cli.run("explain", "--model", model, "--chat", chat).out();
        assertTrue(page.contains("  user      ab "), page);
        assertTrue(page.contains("  template  <s> "), page);
        var left = Cli.run("explain", "--model", model, "--format", "json", "--skip-special", "--chat", chat).object();
        assertEquals(1, left.get("tokens").size());
        assertEquals("ab", left.get("tokens").get(0).get("text").stringValue());
    }

    /// Scores of a role are the sums of its tokens' scores, and nothing is lost or counted twice.
    @ParameterizedTest
    @ValueSource(strings = {"lrp", "saliency", "integrated-gradients", "attention"})
    void whatOneAuthorWroteAddsUp(String method) throws IOException {
        Files.writeString(chat, "[{\"role\": \"user\", \"content\": \"ab b\"}, {\"role\": \"assistant\", \"content\":"
            + " \"b a\"}, {\"role\": \"user\", \"content\": \"a\"}]");
        var each = explained(method);
        var roles = explained(method, "--group", "role");
        assertEquals(List.of(), SchemaCheck.faults("clew.attribution-1.json", roles));
        assertEquals("role", roles.get("method").get("parameters").get("group").stringValue());
        var text = "";
        var next = 0;
        for (int g = 0; g < roles.get("tokens").size(); g++) {
            var group = roles.get("tokens").get(g);
            var sum = 0.0;
            for (var end = end(roles, g, each); next < end; next++) {
                sum += each.get("scores").get(0).get(next).doubleValue();
                text += each.get("tokens").get(next).get("text").stringValue();
            }
            assertEquals(sum, roles.get("scores").get(0).get(g).doubleValue(), 1e-12);
            assertTrue(text.endsWith(group.get("text").stringValue()), text);
        }
        assertEquals(each.get("tokens").size(), next);
        var own = explained(method, "--group", "role", "--skip-special").get("tokens").valueStream()
            .map(t -> t.get("piece").stringValue()).toList();
        assertEquals(List.of("user", "assistant"), own.subList(0, 2));
    }

    private static int end(JsonNode roles, int group, JsonNode each) {
        var all = roles.get("tokens");
        return group + 1 < all.size() ? all.get(group + 1).get("index").asInt() : each.get("tokens").size();
    }

    private JsonNode explained(String method, Object... options) {
        var command = new ArrayList<Object>(List.of("explain", "--model", model, "--format", "json", "--chat", chat,
            "--method", method, "--device", "scalar"));
        command.addAll(List.of(options));
        return Cli.run(command.toArray()).object();
    }

    @Test
    void plainTextForAChatModelIsMentioned() {
        for (var verb : List.of("explain", "generate"))
            assertTrue(Cli.run(verb, "--model", model, "ab").err().contains("trained on chats"), verb);
        assertEquals("", Cli.run("explain", "--quiet", "--model", model, "ab").err());
        var warned = Cli.run("explain", "--model", model, "--format", "json", "ab").object().get("warnings");
        assertTrue(warned.toString().contains("trained on chats"), warned.toString());
    }

    @Test
    void aDoubledBeginningIsMentioned() throws IOException {
        Files.delete(model.resolve("tokenizer_config.json"));
        Files.writeString(model.resolve("special_tokens_map.json"), "{\"bos_token\": \"<s>\"}");
        Files.writeString(model.resolve("tokenizer_config.json"), "{\"bos_token\": \"<s>\"}");
        var said = Cli.run("tokens", "--model", model, "<s>ab");
        assertEquals("clew: the prompt begins with <s> twice; leave it out of the text, it is added anyway\n",
            said.err());
        assertEquals("", Cli.run("tokens", "--model", model, "ab").err());
    }

    @Test
    void whatCannotBeAChatIsRefused() throws IOException {
        var plain = Tiny.model(dir.resolve("plain"));
        refused(2, plain + " has no chat template, which messages need; give the prompt as text, or add the model's"
            + " chat_template.jinja", "tokens", "--model", plain, "--chat", chat);
        var bare = Tiny.withoutTokenizer(dir.resolve("bare"));
        refused(2, bare + " has no tokenizer files, which a chat needs; add its tokenizer.json, or give --ids and"
            + " --target-id", "generate", "--model", bare, "--chat", chat);
        refused(2, "--ids and --chat exclude each other; give one of them", "tokens", "--model", model, "--chat", chat,
            "--ids", "1");
        var broken = Files.writeString(dir.resolve("broken.json"), "[{");
        assertEquals(2, Cli.run("tokens", "--model", model, "--chat", broken).exit());
        assertEquals(2, Cli.run("tokens", "--model", model, "--chat", dir.resolve("none.json")).exit());
        Files.writeString(model.resolve("chat_template.jinja"), "{% if x");
        refused(1, "chat template, line 1, statement 'if': the end of the template stands where '%}' should", "tokens",
            "--model", model, "--chat", chat);
    }

    private static void refused(int exit, String sentence, Object... command) {
        var said = Cli.run(command);
        assertEquals("clew: " + sentence + "\n", said.err());
        assertEquals(exit, said.exit());
        assertEquals("", said.out());
    }
}
