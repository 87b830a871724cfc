package clew.training.world;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// A relation of the world: each subject has exactly one object.
///
/// @param subjects  in the order of the resource
/// @param objects   each once
/// @param phrasings by split
record Relation(String name, Map<String, String> pairs, List<String> subjects, List<String> objects,
                Map<Split, List<Phrasing>> phrasings) {
    /// @param rows    of a resource
    /// @param subject the column of the subjects
    /// @param object  the column of the objects; rows with a dash there are left out
    static Relation of(String name, List<List<String>> rows, int subject, int object, Resource phrasings) {
        var pairs = new LinkedHashMap<String, String>();
        for (var row : rows) {
            if (row.get(object).equals("-") || row.get(subject).equals("-")) continue;
            if (pairs.put(row.get(subject), row.get(object)) != null)
                throw new IllegalArgumentException(name + " has the subject '" + row.get(subject) + "' twice");
        }
        return new Relation(name, pairs, List.copyOf(pairs.keySet()), pairs.values().stream().distinct().toList(),
            phrasings.lines(name).stream().map(Phrasing::parse).collect(Collectors.groupingBy(Phrasing::split)));
    }

    String object(String subject) {
        var object = pairs.get(subject);
        if (object == null) throw new IllegalArgumentException(name + " has no subject '" + subject + "'");
        return object;
    }

    /// Phrasings of a split; the relation has some of each.
    List<Phrasing> phrasings(Split split) {
        return phrasings.getOrDefault(split, List.of());
    }

    /// Phrasings of a split and a form.
    List<Phrasing> phrasings(Split split, Phrasing.Form form) {
        return phrasings(split).stream().filter(p -> p.form() == form).toList();
    }

    /// A question about the subject in some frame, or a sentence that breaks off before the object.
    Item item(String subject, Split split, Dice dice) {
        var phrasing = dice.of(phrasings(split));
        return Frame.of(phrasing, dice).item("", phrasing.lead(subject), object(subject));
    }
}
