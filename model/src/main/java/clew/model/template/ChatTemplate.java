package clew.model.template;

import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// A template that makes a text of a chat, as Hugging Face's `apply_chat_template` does.
///
/// Immutable, so threads may share one.
public final class ChatTemplate {
    private final List<Statement> body;

    private ChatTemplate(List<Statement> body) {
        this.body = body;
    }

    /// @throws TemplateException if the template cannot be read
    public static ChatTemplate parse(String template) {
        return new ChatTemplate(OwnStack.run(() -> Parser.parse(template)));
    }

    /// The text for these variables: `messages`, `add_generation_prompt`, `bos_token`, …
    ///
    /// @param now what the template is told of date and time
    /// @throws TemplateException if the template refuses them, fails on them, or does not come to an end
    public Rendered render(Map<String, JsonNode> variables, LocalDateTime now) {
        return render(variables, now, new Room(Room.WORK));
    }

    Rendered render(Map<String, JsonNode> variables, LocalDateTime now, Room room) {
        return OwnStack.run(() -> {
            var scope = new Scope(null);
            Functions.all(now).forEach(scope::set);
            variables.forEach((name, value) -> scope.set(name, Values.of(name, value, room)));
            return Rendered.of(new Interpreter(room).render(body, scope));
        });
    }
}
