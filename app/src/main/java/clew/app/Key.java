package clew.app;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// What a request may say: `--target-id` on the command line, `targetId` in a line of a jsonl file.
enum Key {
    PROMPT(Kind.TEXT), IDS(Kind.NUMBERS), MESSAGES(Kind.JSON),
    TARGET(Kind.TEXT), TARGET_ID(Kind.NUMBER), TOP_K(Kind.NUMBER),
    POSITION(Kind.NUMBER), SCORE(Kind.TEXT), CONTRAST(Kind.TEXT),
    CONTINUATION(Kind.TEXT), CONTINUATION_IDS(Kind.NUMBERS), CONTINUATION_LENGTH(Kind.NUMBER),
    CONTINUATION_SUM(Kind.FLAG),
    METHOD(Kind.LIST), RULES(Kind.TEXT), BASELINE(Kind.TEXT), STEPS(Kind.NUMBER), QUADRATURE(Kind.TEXT),
    TOLERANCE(Kind.REAL), SAMPLES(Kind.NUMBER), ORDERS(Kind.NUMBER), COALITIONS(Kind.NUMBER),
    SEED(Kind.NUMBER), NOISE(Kind.REAL), HOOK(Kind.TEXT),
    REMOVAL(Kind.TEXT), WINDOW(Kind.NUMBER), STRIDE(Kind.NUMBER),
    NEURON(Kind.TEXT), FUSION(Kind.TEXT), DISCARD(Kind.REAL), THRESHOLD(Kind.REAL),
    AGGREGATE(Kind.TEXT), NORMALIZE(Kind.TEXT), GROUP(Kind.TEXT), MERGE(Kind.LIST), SKIP(Kind.LIST),
    SLOT(Kind.TEXTS), SLOT_BASELINE(Kind.TEXTS),
    SKIP_SPECIAL(Kind.FLAG), REGIONS(Kind.FLAG), FEATURES(Kind.FLAG),
    MAX_NEW_TOKENS(Kind.NUMBER), IGNORE_EOS(Kind.FLAG),
    TEMPERATURE(Kind.REAL), TOP_K_SAMPLING(Kind.NUMBER), TOP_P(Kind.REAL), MIN_P(Kind.REAL),
    REPETITION_PENALTY(Kind.REAL), STOP(Kind.TEXTS), STOP_IDS(Kind.NUMBERS),
    NO_SPECIAL(Kind.FLAG),
    MARKED(Kind.JSON), PARAPHRASE(Kind.TEXT);

    /// What JSON has for it. A list, of numbers or not, is an array or one string with commas; texts are an array or
    /// one of them.
    enum Kind { TEXT, TEXTS, NUMBER, NUMBERS, REAL, LIST, FLAG, JSON }

    private static final Pattern HUMP = Pattern.compile("_(.)");
    private static final Set<Key> INPUTS = Set.of(PROMPT, IDS, MESSAGES),
        CHOICES = Set.of(TARGET, TARGET_ID, TOP_K, CONTINUATION, CONTINUATION_IDS, CONTINUATION_LENGTH);

    private final Kind kind;

    Key(Kind kind) {
        this.kind = kind;
    }

    Kind kind() {
        return kind;
    }

    String option() {
        return "--" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String property() {
        return HUMP.matcher(name().toLowerCase(Locale.ROOT)).replaceAll(m -> m.group(1).toUpperCase(Locale.ROOT));
    }

    /// The keys of which a request has one at most, this one among them.
    Set<Key> alternatives() {
        return INPUTS.contains(this) ? INPUTS : CHOICES.contains(this) ? CHOICES : Set.of(this);
    }

    static Optional<Key> ofOption(String name) {
        return Arrays.stream(values()).filter(k -> k.option().equals(name)).findFirst();
    }

    static Optional<Key> ofProperty(String name) {
        return Arrays.stream(values()).filter(k -> k.property().equals(name)).findFirst();
    }
}
