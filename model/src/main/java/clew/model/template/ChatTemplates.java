package clew.model.template;

import clew.model.token.SpecialTokens;
import clew.weights.Config;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/// The chat templates of a model directory, most often one, and the special tokens that they may name.
///
/// @param sources by their names; what has no name of its own is called `default`
/// @param tokens  `bos_token`, `eos_token`, … as templates read them
public record ChatTemplates(Path directory, Map<String, String> sources, Map<String, String> tokens) {
    private static final String DEFAULT = "default", MORE = "additional_chat_templates", JINJA = ".jinja",
        MARK = "CONTINUE_FINAL_MESSAGE_TAG ";
    private static final long LONGEST = 4 << 20;

    /// What chat_template.jinja and additional_chat_templates have, or else chat_template.json and
    /// tokenizer_config.json; nothing for a model that knows no chats.
    ///
    /// @throws clew.weights.WeightsException if a file is damaged
    /// @throws IllegalArgumentException if one names special tokens in a way that is none
    public static Optional<ChatTemplates> open(Path directory) {
        var sources = files(directory);
        if (sources.isEmpty()) {
            config(directory, "tokenizer_config.json").ifPresent(c -> named(c, sources));
            config(directory, "chat_template.json").ifPresent(c -> named(c, sources));
        }
        if (sources.isEmpty()) return Optional.empty();
        return Optional.of(new ChatTemplates(directory, sources, SpecialTokens.of(directory).texts()));
    }

    /// Templates in files of their own, by the files' names; their order is that of the names.
    private static Map<String, String> files(Path directory) {
        var sources = new TreeMap<String, String>();
        var file = directory.resolve("chat_template" + JINJA);
        if (Files.exists(file)) sources.put(DEFAULT, read(file));
        var more = directory.resolve(MORE);
        if (!Files.isDirectory(more)) return sources;
        try (var files = Files.list(more)) {
            for (var one : files.filter(f -> f.toString().endsWith(JINJA)).toList()) {
                var name = one.getFileName().toString();
                sources.put(name.substring(0, name.length() - JINJA.length()), read(one));
            }
            return sources;
        } catch (IOException e) {
            throw new UncheckedIOException(more + " cannot be read (" + e.getMessage() + ")", e);
        }
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
        var source = sources.get(name);
        if (source == null)
            throw TemplateException.whole(directory + " has templates " + String.join(", ", sources.keySet())
                + " and none by the name of " + DEFAULT + "; name one of them so");
        return source;
    }

    private Map<String, JsonNode> variables(Chat chat) {
        var all = new LinkedHashMap<String, JsonNode>();
        tokens.forEach((name, text) -> all.put(name, StringNode.valueOf(text)));
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
