package clew.app;

import clew.attribution.Template;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The slots of a prompt: `--slot NAME=TEXT` fills `{NAME}`, `--slot-baseline NAME=TEXT` says what stands there without
/// it.
final class Slots {
    private Slots() {}

    /// The prompt as a template, if slots are given; without a text of its own in its place a slot is gone.
    ///
    /// @throws UsageException if a slot is none of the prompt, or features are chosen otherwise too
    static Optional<Template> of(Given given) {
        if (!given.has(Key.SLOT)) {
            if (given.has(Key.SLOT_BASELINE))
                throw new UsageException(given.name(Key.SLOT_BASELINE)
                    + " says what stands in the place of a slot; name the slot with --slot NAME=TEXT");
            return Optional.empty();
        }
        var text = given.text(Key.PROMPT).orElseThrow(() -> new UsageException(given.name(Key.SLOT)
            + " fills a prompt in text; give it with {NAME} in it"));
        for (var shape : Set.of(Key.GROUP, Key.MERGE)) given.requireOne(Set.of(Key.SLOT, shape));
        given.requireOne(Set.of(Key.SLOT_BASELINE, Key.REMOVAL));
        Map<String, String> values = pairs(given, Key.SLOT), instead = pairs(given, Key.SLOT_BASELINE);
        instead.keySet().stream().filter(name -> !values.containsKey(name)).findFirst().ifPresent(name -> {
            throw new UsageException(given.name(Key.SLOT_BASELINE) + ": there is no slot '" + name + "'; known are "
                + String.join(", ", values.keySet()));
        });
        var slots = values.entrySet().stream()
            .map(v -> new Template.Slot(v.getKey(), v.getValue(), instead.getOrDefault(v.getKey(), ""))).toList();
        return Optional.of(UsageException.unless(() -> Template.of(text, slots)));
    }

    private static Map<String, String> pairs(Given given, Key key) {
        var pairs = new LinkedHashMap<String, String>();
        for (var pair : given.texts(key)) {
            var name = pair.substring(0, Math.max(0, pair.indexOf('=')));
            if (name.isBlank())
                throw new UsageException(given.name(key) + " takes NAME=TEXT, not '" + pair + "'");
            Input.requireUnicode(given.name(key), pair);
            if (pairs.put(name, pair.substring(name.length() + 1)) != null)
                throw new UsageException(given.name(key) + " names '" + name + "' twice; name it once");
        }
        return pairs;
    }
}
