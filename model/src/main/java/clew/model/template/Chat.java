package clew.model.template;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.NullNode;

/// Messages, and what else a template is told: `tools`, `documents`, `add_generation_prompt`, `enable_thinking`, …
///
/// What is not said is as in Hugging Face's `apply_chat_template`; only the beginning of an answer
/// (`add_generation_prompt`) is added unless the last message is an answer itself.
///
/// @param variables by their names in templates; `messages` is among them
public record Chat(Map<String, JsonNode> variables) {
    public Chat {
        variables = Map.copyOf(variables);
    }

    /// A list of messages, or an object with `messages` and other variables.
    ///
    /// @throws IllegalArgumentException if it is neither, or a message has no role
    public static Chat of(JsonNode json) {
        var all = new LinkedHashMap<String, JsonNode>();
        all.put("tools", NullNode.getInstance());
        all.put("documents", NullNode.getInstance());
        if (json.isArray()) all.put("messages", json);
        else if (json.isObject()) json.properties().forEach(p -> all.put(p.getKey(), p.getValue()));
        var messages = all.get("messages");
        if (messages == null || !messages.isArray() || messages.isEmpty())
            throw new IllegalArgumentException("a chat is a list of messages, [{\"role\": \"user\", \"content\":"
                + " \"…\"}], or an object with such a list as \"messages\"");
        int n = 0;
        for (var message : messages) {
            n++;
            if (!message.path("role").isString())
                throw new IllegalArgumentException("message " + n + " of the chat has no \"role\", such as \"user\"");
        }
        var last = messages.get(messages.size() - 1).get("role").stringValue();
        all.putIfAbsent("add_generation_prompt", BooleanNode.valueOf(Role.ofMessage(last) != Role.ASSISTANT));
        return new Chat(all);
    }

    JsonNode messages() {
        return variables.get("messages");
    }

    /// Whether the answer goes on where the last message ends.
    boolean continues() {
        var said = variables.get("continue_final_message");
        return said != null && said.asBoolean(false);
    }

    Chat with(String name, JsonNode value) {
        var all = new LinkedHashMap<>(variables);
        all.put(name, value);
        return new Chat(all);
    }
}
