package clew.model.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.model.token.BpeTrainer;
import clew.model.token.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A chat becomes a text of which every part has an author.
final class ChatTest {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final String CHATML = "{% for m in messages %}<|{{ m.role }}|>{{ m.content | trim }}<end>\n"
        + "{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}";

    @TempDir
    Path dir;

    private static Chat chat(String json) {
        return Chat.of(MAPPER.readTree(json.replace('\'', '"')));
    }

    private static Rendered render(String template, String json) {
        return templates(template).render(chat(json), PeerTemplateTest.NOW);
    }

    private static ChatTemplates templates(String template) {
        return new ChatTemplates(Path.of("."), Map.of("default", template), Map.of());
    }

    private static String parts(Rendered r) {
        var points = r.text().codePoints().toArray();
        return r.spans().stream()
            .map(s -> s.role().label() + "(" + new String(points, s.start(), s.end() - s.start()) + ")")
            .collect(Collectors.joining());
    }

    @Test
    void everyPartHasItsAuthor() {
        assertEquals("template(<|system|>)system(Be 😀.)template(<end>\n<|user|>)user(user)template(<end>\n"
            + "<|assistant|>)", parts(render(CHATML,
                "[{'role':'system','content':'Be 😀.'},{'role':'user','content':' user '}]")));
    }

    @Test
    void authorsOutliveWhatATemplateDoesToTheirText() {
        for (var e : List.of("m.content ~ ''", "(m.content + '')[0:]", "m.content|upper|lower",
            "m.content|replace('z', 'q')", "m.content.split('<')[0]", "[m.content]|join", "m.content|string|trim",
            "m.content|list|join",
            "m.content[::-1][::-1]", "'%s' % m.content", "'{}'.format(m.content)", "m.content|indent",
            "(m.content|safe)", "(m.content|tojson)[1:-1]", "(m.content|string)[:1] ~ m.content[1:]",
            "m.content.partition('<')[0]",
            "m.content|reverse|reverse", "(m|tojson|string).split(':')[2][2:-2]", "m.content|first ~ m.content[1:]"))
            assertEquals("template(A)user(hello)template(B)", parts(render("{% for m in messages %}A{{ " + e
                + " }}B{% endfor %}", "[{'role':'user','content':'hello'}]")), e);
    }

    @Test
    void toolsAndTheirAnswersAreTools() {
        assertEquals("template([{\"name\": \")tool(f)template(\"}])tool(42)assistant(x)",
            parts(render("{{ tools|tojson }}{% for m in messages %}{{ m.content }}{% endfor %}",
                "{'tools':[{'name':'f'}],'messages':"
            + "[{'role':'tool','content':'42'},{'role':'assistant','content':'x'}]}")));
    }

    @Test
    void tokensHaveTheRoleOfTheirText() throws Exception {
        var trainer = new BpeTrainer(List.of("<end>"));
        trainer.add("one two");
        trainer.write(trainer.learn(260), dir.resolve("tokenizer.json"));
        var rendered = render("{{ messages[0].content }}<end>", "[{'role':'user','content':'hé'}]");
        var encoding = Tokenizer.open(dir).encodePlain(rendered.text());
        assertEquals(List.of(Role.USER, Role.USER, Role.USER, Role.TEMPLATE), rendered.roles(encoding));
    }

    @Test
    void anAnswerBeginsUnlessTheLastMessageIsOne() {
        assertTrue(render(CHATML, "[{'role':'user','content':'a'}]").text().endsWith("<|assistant|>"));
        var answered = "[{'role':'user','content':'a'},{'role':'assistant','content':'b'}]";
        assertTrue(render(CHATML, answered).text().endsWith("b<end>\n"));
        assertEquals("<|user|>a<end>\n", render(CHATML, "{'messages':[{'role':'user','content':'a'}],"
            + "'add_generation_prompt':false}").text());
    }

    @Test
    void theLastMessageCanBeContinued() {
        var chat = "{'continue_final_message':true,'messages':[{'role':'user','content':'a'},"
            + "{'role':'assistant','content':%s}]}";
        assertEquals("<|user|>a<end>\n<|assistant|>It is", render(CHATML, chat.formatted("'It is '")).text());
        var parts = "{% for m in messages %}{% for p in m.content %}{{ p.text }}{% endfor %}.{% endfor %}";
        assertEquals("a.It is ", render(parts, ("{'continue_final_message':true,'messages':[{'role':'user','content':"
            + "[{'text':'a'}]},{'role':'assistant','content':[{'text':'It is '}]}]}")).text());
        assertEquals("chat template: it does not keep the last message as it is, so that cannot be continued; leave"
            + " continue_final_message out", assertThrows(TemplateException.class,
                () -> render("x", chat.formatted("'It is'"))).getMessage());
    }

    @Test
    void whatIsNoChatIsRefused() {
        for (var wrong : List.of("[]", "{}", "3", "{'messages':3}", "[3]", "[{'content':'a'}]", "[{'role':3}]"))
            assertThrows(IllegalArgumentException.class, () -> chat(wrong), wrong);
    }

    @Test
    void templatesAreFoundWhereHuggingFaceKeepsThem() throws Exception {
        assertTrue(ChatTemplates.open(dir).isEmpty());
        Files.writeString(dir.resolve("tokenizer_config.json"),
            "{\"chat_template\": \"A{{ bos_token }}{{ eos_token }}\","
                + "\"bos_token\": {\"content\": \"<s>\"}, \"eos_token\": \"</s>\"}");
        assertEquals("A<s></s>", opened("[{'role':'user'}]"));
        Files.writeString(dir.resolve("special_tokens_map.json"), "{\"bos_token\": \"<b>\"}");
        assertEquals("A<b></s>", opened("[{'role':'user'}]"));
        Files.writeString(dir.resolve("chat_template.json"), "{\"chat_template\": \"B\"}");
        assertEquals("B", opened("[{'role':'user'}]"));
        Files.writeString(dir.resolve("chat_template.jinja"), "C");
        assertEquals("C", opened("[{'role':'user'}]"));
    }

    /// As transformers 5 has it: beside the newer key, what the old file says is not read.
    @Test
    void theOldFileOfSpecialTokensIsForOldDirectories() throws Exception {
        Files.writeString(dir.resolve("special_tokens_map.json"), "{\"bos_token\": \"<b>\"}");
        var config = "{\"chat_template\": \"{{ bos_token }}\", \"bos_token\": \"<s>\"%s}";
        Files.writeString(dir.resolve("tokenizer_config.json"), config.formatted(""));
        assertEquals("<b>", opened("[{'role':'user'}]"));
        Files.writeString(dir.resolve("tokenizer_config.json"), config.formatted(", \"added_tokens_decoder\": {}"));
        assertEquals("<s>", opened("[{'role':'user'}]"));
    }

    @Test
    void aTemplateForToolsIsUsedForTools() throws Exception {
        Files.writeString(dir.resolve("tokenizer_config.json"), "{\"chat_template\": [{\"name\": \"default\","
            + " \"template\": \"D\"}, {\"name\": \"tool_use\", \"template\": \"T\"}]}");
        assertEquals("D", opened("[{'role':'user'}]"));
        assertEquals("T", opened("{'messages':[{'role':'user'}],'tools':[]}"));
    }

    @Test
    void furtherTemplatesLieInAFolder() throws Exception {
        Files.writeString(dir.resolve("tokenizer_config.json"), "{\"chat_template\": \"old\"}");
        var more = Files.createDirectory(dir.resolve("additional_chat_templates"));
        Files.writeString(more.resolve("tool_use.jinja"), "T");
        Files.writeString(more.resolve("notes.txt"), "{%");
        var said = assertThrows(TemplateException.class, () -> opened("[{'role':'user'}]")).getMessage();
        assertTrue(said.contains("has templates tool_use and none by the name of default"), said);
        Files.writeString(dir.resolve("chat_template.jinja"), "D");
        assertEquals("D", opened("[{'role':'user'}]"));
        assertEquals("T", opened("{'messages':[{'role':'user'}],'tools':[]}"));
    }

    private String opened(String json) {
        return ChatTemplates.open(dir).orElseThrow().render(chat(json), PeerTemplateTest.NOW).text();
    }

    @Test
    void variablesAreReadAsPythonReadsJson() {
        JsonNode json = MAPPER.readTree(
            "[1, 1.0, 1e2, true, null, \"a\", 123456789012345678901234567890, {\"k\": []}]");
        assertEquals("[1, 1.0, 100.0, True, None, 'a', 123456789012345678901234567890, {'k': []}]",
            ChatTemplate.parse("{{ x }}").render(Map.of("x", json), PeerTemplateTest.NOW).text());
    }
}
