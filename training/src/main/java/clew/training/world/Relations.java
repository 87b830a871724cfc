package clew.training.world;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// All relations, by the skill that recalls them.
record Relations(Map<Skill, List<Relation>> bySkill) {
    static Relations read(Edition edition) {
        var phrasings = Resource.read("phrasings.txt").only(edition::has);
        var facts = Resource.read("facts.txt");
        var countries = facts.rows("countries");
        var animals = facts.rows("animals");
        var words = Resource.read("words.txt");
        var bySkill = new EnumMap<Skill, List<Relation>>(Skill.class);
        bySkill.put(Skill.FACT, List.of(
            Relation.of("capital",   countries, 0, 1, phrasings),
            Relation.of("country",   countries, 1, 0, phrasings),
            Relation.of("continent", countries, 0, 2, phrasings),
            Relation.of("language",  countries, 0, 3, phrasings),
            Relation.of("maker",     facts.rows("makers"), 0, 1, phrasings),
            Relation.of("colour",    facts.rows("colours"), 0, 1, phrasings),
            Relation.of("sound",     animals, 0, 1, phrasings),
            Relation.of("young",     animals, 0, 2, phrasings),
            Relation.of("home",      animals, 0, 3, phrasings)));
        bySkill.put(Skill.SUM,      List.of(Relation.of("sum", sums(), 0, 1, phrasings)));
        bySkill.put(Skill.OPPOSITE, List.of(Relation.of("opposite", opposites(words), 0, 1, phrasings)));
        bySkill.put(Skill.PLURAL,   List.of(Relation.of("plural", words.rows("nouns"), 0, 1, phrasings)));
        bySkill.put(Skill.GERMAN,   List.of(Relation.of("german", german(words), 0, 1, phrasings)));
        return new Relations(bySkill);
    }

    List<Relation> of(Skill skill) {
        return bySkill.getOrDefault(skill, List.of());
    }

    Relation named(String name) {
        return bySkill.values().stream().flatMap(List::stream).filter(r -> r.name().equals(name)).findFirst()
            .orElseThrow();
    }

    private static List<List<String>> sums() {
        return IntStream.range(0, 100)
            .mapToObj(i -> List.of(i / 10 + " + " + i % 10, String.valueOf(i / 10 + i % 10))).toList();
    }

    private static List<List<String>> opposites(Resource words) {
        return words.rows("opposites").stream()
            .flatMap(row -> Stream.of(List.of(row.get(0), row.get(1)), List.of(row.get(1), row.get(0)))).toList();
    }

    private static List<List<String>> german(Resource words) {
        var rows = new ArrayList<List<String>>();
        for (var row : words.rows("nouns")) rows.add(List.of(row.get(0), row.get(2)));
        for (var row : words.rows("opposites")) {
            rows.add(List.of(row.get(0), row.get(2)));
            rows.add(List.of(row.get(1), row.get(3)));
        }
        return rows;
    }
}
