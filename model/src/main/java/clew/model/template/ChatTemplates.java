package clew.model.template;

import clew.weights.Config;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/// The chat templates of a model directory, most often one, and the special tokens that they may name.
///
/// @param sources by their names; a single one is called `default`
/// @param tokens  `bos_token`, `eos_token`, … as templates read them
public record ChatTemplates(Path directory, Map<String, String> sources, Map<String, JsonNode> tokens) {
    private static final List<String> TOKENS = List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token",
        "cls_token", "mask_token");
    private static final String DEFAULT = "default", MARK = "CONTINUE_FINAL_MESSAGE_TAG ";
    private static final long LONGEST = 4 << 20;

    /// What chat_template.jinja, chat_template.json or tokenizer_config.json has, in this order; nothing for a model
    /// that knows no chats.
    ///
    /// @throws clew.weights.WeightsException if a file is damaged
    public static Optional<ChatTemplates> open(Path directory) {
        var config = config(directory, "tokenizer_config.json");
        var sources = new LinkedHashMap<String, String>();
        config.ifPresent(c -> named(c, sources));
        config(directory, "chat_template.json").ifPresent(c -> named(c, sources));
        var file = directory.resolve("chat_template.jinja");
        if (Files.exists(file)) sources.put(DEFAULT, read(file));
        if (sources.isEmpty()) return Optional.empty();
        var tokens = new LinkedHashMap<String, JsonNode>();
        config.ifPresent(c -> tokens(c, tokens));
        if (config.filter(c -> c.has("added_tokens_decoder")).isEmpty())     // a newer directory says it there
            config(directory, "special_tokens_map.json").ifPresent(c -> tokens(c, tokens));
        return Optional.of(new ChatTemplates(directory, sources, tokens));
    }

    private static Optional<Config> config(Path directory, String name) {
        var file = directory.resolve(name);
        return Files.exists(file) ? Optional.of(Config.read(file)) : Optional.empty();
    }

    private static void named(Config config, Map<String, String> sources) {
        var given = config.json().path("chat_template");
        if (given.isString()) sources.put(DEFAULT, given.stringValue());
        for (var one : given)
            if (one.path("name").isString() && one.path("template").isString())
                sources.put(one.get("name").stringValue(), one.get("template").stringValue());
    }

    private static void tokens(Config config, Map<String, JsonNode> tokens) {
        for (var name : TOKENS) {
            var given = config.json().path(name);
            var text = given.isObject() ? given.path("content") : given;
            if (text.isString()) tokens.put(name, text);
        }
    }

    private static String read(Path file) {
        try {
            if (Files.size(file) > LONGEST) throw TemplateException.whole(file + " has more than 4 MB");
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read as text (" + e.getMessage() + ")", e);
        }
    }

    /// The chat as the model reads it: by the template `tool_use`, if there is one and the chat has tools.
    ///
    /// @throws TemplateException if the template cannot be read or refuses the chat
    public Rendered render(Chat chat, LocalDateTime now) {
        var template = ChatTemplate.parse(source(chat));
        if (chat.continues()) return continued(template, chat, now);
        return template.render(variables(chat), now);
    }

    private String source(Chat chat) {
        var tools = chat.variables().get("tools");
        var name = tools != null && !tools.isNull() && sources.containsKey("tool_use") ? "tool_use" : DEFAULT;
        var source = sources.size() == 1 ? sources.values().iterator().next() : sources.get(name);
        if (source == null)
            throw TemplateException.whole(directory + " has templates " + String.join(", ", sources.keySet())
                + " and none by the name of " + DEFAULT + "; name one of them so");
        return source;
    }

    private Map<String, JsonNode> variables(Chat chat) {
        var all = new LinkedHashMap<>(tokens);
        all.putAll(chat.variables());
        return all;
    }

    /// As Hugging Face does it: a mark behind the last message, and the text up to where the mark is.
    private Rendered continued(ChatTemplate template, Chat chat, LocalDateTime now) {
        var messages = chat.messages().deepCopy();
        var last = (ObjectNode) messages.get(messages.size() - 1);
        var part = last.path("content").isString() ? last : lastText(last.path("content"));
        var key = part == last ? "content" : "text";
        if (part == null)
            throw TemplateException.whole("the last message has no text to continue; leave continue_final_message out");
        var text = part.get(key).stringValue();
        part.set(key, StringNode.valueOf(text + MARK));
        var marked = template.render(variables(chat.with("messages", messages)), now);
        int at = marked.text().lastIndexOf(MARK.strip());
        if (at < 0 || !marked.text().contains(text.strip()))
            throw TemplateException.whole("it does not keep the last message as it is, so that cannot be continued;"
                + " leave continue_final_message out");
        if (marked.text().startsWith(MARK, at)) return marked.cut(at);
        return marked.cut(Python.trimmedEnd(marked.text(), 0, at));
    }

    private static @Nullable ObjectNode lastText(JsonNode parts) {
        for (int i = parts.size() - 1; i >= 0; i--)
            if (parts.get(i) instanceof ObjectNode part && part.path("text").isString()) return part;
        return null;
    }
}
