package clew.app;

import clew.model.template.Chat;
import java.util.List;
import tools.jackson.core.JacksonException;

/// A prompt: text that the tokenizer turns into ids, the ids themselves, to which nothing is added, or messages, which
/// the chat template turns into text. [Reader] reads it.
sealed interface Input {
    record Text(String text) implements Input {}

    record Ids(List<Integer> ids) implements Input {}

    record Messages(Chat chat) implements Input {}

    /// @throws UsageException if there is none, or more than one
    static Input of(Given given) {
        given.requireOne(Key.PROMPT.alternatives());
        if (given.has(Key.IDS)) return new Ids(given.numbers(Key.IDS));
        var messages = given.value(Key.MESSAGES);
        if (messages.isPresent()) return new Messages(chat(messages.get().name(), messages.get().text()));
        var text = given.text(Key.PROMPT).orElseThrow(() -> new UsageException(
            "there is no prompt; give it in quotes, as - for standard input, with --prompt-file, --chat or as --ids"));
        requireUnicode("the prompt", text);
        return new Text(text);
    }

    private static Chat chat(String name, String json) {
        requireUnicode(name, json);
        try {
            var tree = JsonText.MAPPER.readTree(json.startsWith("\uFEFF") ? json.substring(1) : json);
            return UsageException.unless(() -> Chat.of(tree));
        } catch (JacksonException e) {
            throw new UsageException(name + " is not valid JSON (" + e.getOriginalMessage() + "); correct it");
        }
    }

    static void requireUnicode(String name, String text) {
        if (text.codePoints().anyMatch(c -> Character.getType(c) == Character.SURROGATE))
            throw new UsageException(name + " is not valid Unicode: it has half a surrogate pair; correct it");
    }
}
