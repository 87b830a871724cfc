package clew.training.world;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// The micro-world: text `i` and held-out example `i` of a skill are functions of the seed and `i`.
///
/// Held-out examples differ from all training texts by their phrasing, or by a combination (name and value, subject and
/// false object, …) that is reserved for them. `docs/world.md` describes the world for a reader.
public final class World {
    /// Of the combinations that are no pair in a passage, one in so many is reserved.
    private static final int RESERVED = 8;

    private final long seed;
    private final Edition edition;
    private final Relations relations;
    private final Map<Skill, Source> sources = new EnumMap<>(Skill.class);

    private World(long seed, Edition edition) {
        this.seed = seed;
        this.edition = edition;
        this.relations = Relations.read(edition);
        var reserve = new Reserve(seed, RESERVED);
        var pools = new Pools(relations, reserve);
        for (var skill : Skill.values()) sources.put(skill, switch (skill) {
            case FACT, SUM, OPPOSITE, PLURAL, GERMAN -> new Recall(skill, relations, seed);
            case CONFLICT  -> new Conflicts(relations, reserve);
            case RETRIEVAL -> new Passages(pools, new Reserve(seed, edition.pairs()), edition);
            case SENTIMENT -> new Reviews(reserve);
            case STORY     -> new Stories(pools, reserve);
            case CHAT      -> new Chats(relations, pools, reserve);
            case FEW_SHOT  -> new FewShot(relations, reserve);
            case ECHO      -> new Echoes(pools, edition);
        });
    }

    /// The world of a seed, in its last edition.
    public static World of(long seed) {
        return of(seed, Edition.SECOND);
    }

    public static World of(long seed, Edition edition) {
        return new World(seed, edition);
    }

    /// The first `n` training texts, skills mixed by their shares.
    public List<Text> training(int n) {
        return IntStream.range(0, n).mapToObj(this::text).toList();
    }

    private Text text(int i) {
        var dice = Dice.of(seed, edition.dice(), i);
        var skill = skill(dice.below(100));
        var draft = new Draft(skill);
        source(skill).write(draft, dice);
        return draft.text();
    }

    private Skill skill(int percent) {
        for (var skill : Skill.values()) if ((percent -= skill.share(edition)) < 0) return skill;
        throw new AssertionError("the shares of the skills sum to 100");
    }

    /// The first `n` held-out examples of a skill.
    ///
    /// Recall skills ([#size] things) ask for each thing once before they ask for one again.
    public List<Example> heldOut(Skill skill, int n) {
        var source = source(skill);
        return IntStream.range(0, n).mapToObj(i -> source.heldOut(i, Dice.of(seed, "held out " + skill, i))).toList();
    }

    /// How many things a recall skill knows: facts, sums, words; 0 for skills that are no recall.
    public int size(Skill skill) {
        return relations.of(skill).stream().mapToInt(r -> r.subjects().size()).sum();
    }

    private Source source(Skill skill) {
        var source = sources.get(skill);
        if (source == null) throw new AssertionError(skill + " has no source");
        return source;
    }
}
