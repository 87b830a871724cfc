package clew.training.world;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Small stories from skeletons: each sentence in one of its variants, names and things drawn once and kept.
///
/// No training text has a reserved pair of hero and friend; a held-out story breaks off before a name or a thing that
/// it has determined.
final class Stories implements Source {
    private static final List<String> POOLS =
        List.of("objects", "colours", "foods", "cities", "jobs", "places", "animals");
    private static final Pattern SLOT = Pattern.compile("\\{(\\w+)(!?)}");

    private final List<String> starts;
    private final List<List<String>> skeletons;
    private final Pools pools;
    private final Reserve reserve;

    Stories(Pools pools, Reserve reserve) {
        this.pools = pools;
        this.reserve = reserve;
        var resource = Resource.read("stories.txt");
        this.starts = resource.lines("starts");
        this.skeletons = resource.sections().keySet().stream().filter(s -> !s.equals("starts"))
            .map(resource::lines).toList();
    }

    @Override
    public void write(Draft draft, Dice dice) {
        var cast = cast(Split.TRAINING, dice);
        var text = new StringBuilder();
        for (var sentence : sentences(dice)) {
            var more = (text.isEmpty() ? "" : " ") + filled(sentence, cast);
            if (draft.hasRoomFor(text + more)) text.append(more);
        }
        draft.counted(text.toString());
    }

    @Override
    public Example heldOut(int i, Dice dice) {
        while (true) {
            var cast = cast(Split.HELD_OUT, dice);
            var sentences = sentences(dice);
            var probes = new ArrayList<Example>();
            for (int s = 1; s < sentences.size(); s++)
                probes.addAll(probes(sentences.subList(0, s), sentences.get(s), cast));
            if (!probes.isEmpty()) return dice.of(probes);
        }
    }

    /// The story broken off before each marked slot of its last sentence.
    private List<Example> probes(List<String> before, String last, Map<String, String> cast) {
        var probes = new ArrayList<Example>();
        var told = filled(String.join(" ", before), cast);
        var slots = SLOT.matcher(last);
        while (slots.find()) {
            if (slots.group(2).isEmpty()) continue;
            var prompt = (told + " " + filled(last.substring(0, slots.start()), cast)).stripTrailing();
            var answer = cast.getOrDefault(slots.group(1), "");
            if (Span.of(answer, prompt).isEmpty()) continue;
            probes.add(Example.of(Skill.STORY, new Item(prompt, answer, "")));
        }
        return probes;
    }

    private List<String> sentences(Dice dice) {
                var sentences = new ArrayList<String>();
        if (dice.chance(50)) sentences.add(variant(dice.of(starts), dice));
        for (var line : dice.of(skeletons)) sentences.add(variant(line, dice));
        return sentences;
    }

    private static String variant(String line, Dice dice) {
        return dice.of(List.of(line.split(" \\| ")));
    }

    private Map<String, String> cast(Split split, Dice dice) {
        boolean she = dice.chance(50);
        var cast = new LinkedHashMap<>(Map.of("he", she ? "she" : "he", "He", she ? "She" : "He",
            "his", she ? "her" : "his", "His", she ? "Her" : "His", "grown", she ? "woman" : "man"));
        for (var pool : POOLS) cast.put(pool, pools.one(pool, split, dice));
        for (var word : List.of("word", "town")) cast.put(word, pools.one("word", split, dice));
        String hero, friend;
        do {
            hero = pools.one(she ? "women" : "men", split, dice);
            friend = pools.one(dice.chance(50) ? "women" : "men", split, dice);
        } while (hero.equals(friend) || !reserve.allows(split, hero, friend));
        cast.put("hero", hero);
        cast.put("friend", friend);
        return cast;
    }

    private static String filled(String template, Map<String, String> cast) {
        return SLOT.matcher(template).replaceAll(slot -> {
            var value = cast.get(slot.group(1));
            if (value == null) throw new IllegalArgumentException("no slot is called {" + slot.group(1) + "}");
            return value;
        });
    }
}
