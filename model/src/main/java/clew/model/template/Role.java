package clew.model.template;

import java.util.Locale;

/// Who wrote a piece of a rendered chat.
public enum Role {
    /// The template itself: markers, names of roles, what it writes on its own.
    TEMPLATE,
    SYSTEM, USER, ASSISTANT,
    /// What tools answered, and their descriptions.
    TOOL;

    /// The role of a message's text by the message's `role`; whoever is none of the known gets what a tool gets.
    static Role ofMessage(String name) {
        return switch (name) {
            case "system", "developer" -> SYSTEM;
            case "user"                -> USER;
            case "assistant", "model"  -> ASSISTANT;
            default                    -> TOOL;
        };
    }

    private static final Role[] ALL = values();

    /// The template is at 0.
    static Role at(int ordinal) {
        return ALL[ordinal];
    }

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
