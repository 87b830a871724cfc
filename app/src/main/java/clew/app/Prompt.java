package clew.app;

import clew.model.template.Role;
import clew.model.token.Encoding;
import java.util.List;
import java.util.function.Function;

/// What the model reads.
///
/// @param roles    who wrote each token, for a chat; else empty
/// @param warnings what its giver may not have meant
record Prompt(Encoding encoding, List<Role> roles, List<String> warnings) {
    Prompt {
        roles = List.copyOf(roles);
        warnings = List.copyOf(warnings);
    }

    /// With warnings about it.
    Prompt with(Function<Prompt, List<String>> warnings) {
        return new Prompt(encoding, roles, warnings.apply(this));
    }

    int[] ids() {
        return encoding.ids();
    }

    int size() {
        return encoding.size();
    }

    /// Whether the chat template wrote the token.
    boolean isTemplate(int token) {
        return !roles.isEmpty() && roles.get(token) == Role.TEMPLATE;
    }
}
