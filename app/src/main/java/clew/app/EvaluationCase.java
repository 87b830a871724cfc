package clew.app;

import clew.training.world.Example;
import clew.training.world.Skill;
import clew.training.world.World;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// A prompt on which explanations are judged, before a model says what its tokens are.
///
/// @param marks      what a person holds responsible
/// @param onlyIf     what the model must say for the marks to count, or null if they always do
/// @param paraphrase the same asked in other words
record EvaluationCase(String name, Input input, Aim aim, List<Mark> marks, @Nullable String onlyIf,
                      Optional<Input> paraphrase) {
    /// The keys that a line may have.
    static final Set<Key> KEYS = EnumSet.of(Key.PROMPT, Key.IDS, Key.MESSAGES, Key.TARGET, Key.TARGET_ID, Key.POSITION,
        Key.SCORE, Key.CONTRAST, Key.MARKED, Key.PARAPHRASE);

    private static final int ROUNDS = 4;

    /// Characters of the prompt, as code points.
    sealed interface Mark {
        /// Wherever this text stands.
        record Words(String text) implements Mark {}

        /// From `from` to `to − 1`.
        record Span(int from, int to) implements Mark {}
    }

    /// One prompt.
    static EvaluationCase of(String name, Given given) {
        if (given.has(Key.TOP_K))
            throw new UsageException(given.name(Key.TOP_K) + " explains several tokens, and what is judged is one"
                + " explanation of one; leave it out");
        var paraphrase = given.text(Key.PARAPHRASE)
            .map(text -> Input.of(new Given(Map.of()).with(Key.PROMPT, text, Key.PARAPHRASE.property())));
        return new EvaluationCase(name, Input.of(given), Aim.of(given), marks(given), null, paraphrase);
    }

    private static List<Mark> marks(Given given) {
        var marks = new ArrayList<Mark>();
        given.text(Key.MARKED).ifPresent(json -> {
            var list = JsonText.MAPPER.readTree(json);
            if (!list.isArray()) throw marksAre(given);
            for (var mark : list) {
                if (mark.isString() && !mark.stringValue().isEmpty()) marks.add(new Mark.Words(mark.stringValue()));
                else if (mark.isArray() && mark.size() == 2 && mark.get(0).isInt() && mark.get(1).isInt()
                    && mark.get(0).intValue() >= 0 && mark.get(1).intValue() > mark.get(0).intValue())
                    marks.add(new Mark.Span(mark.get(0).intValue(), mark.get(1).intValue()));
                else throw marksAre(given);
            }
        });
        return marks;
    }

    private static UsageException marksAre(Given given) {
        return new UsageException(given.name(Key.MARKED) + " is a list of texts that stand in the prompt, or of"
            + " [from, to] in characters; write [\"Paris\"] or [[4, 9]]");
    }

    /// The lines of a jsonl file; what is wrong with one is said before anything runs.
    static List<EvaluationCase> lines(String source, Given defaults, Io io) {
        var cases = new ArrayList<EvaluationCase>();
        var names = new HashSet<String>();
        var number = 0;
        try (var lines = new Lines(open(source, io))) {
            for (var line = lines.next(); line.isPresent(); line = lines.next()) {
                number++;
                if (line.get().text().isBlank() && line.get().fault().isEmpty()) continue;
                var one = line(line.get(), number, defaults);
                if (!names.add(one.name)) throw new UsageException("--jsonl " + source + " line " + number
                    + ": another line has the name '" + one.name + "' too; give each its own");
                cases.add(one);
            }
        } catch (IOException e) {
            throw new OutputException(source + " cannot be read (" + Output.reason(e) + "); check it", e);
        } catch (JacksonException e) {
            throw new UsageException("--jsonl " + source + " line " + number + " is not valid JSON ("
                + e.getOriginalMessage() + "); correct it");
        } catch (UsageException e) {
            throw String.valueOf(e.getMessage()).startsWith("--jsonl") ? e
                : new UsageException("--jsonl " + source + " line " + number + ": " + e.getMessage());
        }
        if (cases.isEmpty()) throw new UsageException("--jsonl " + source + " has no line with a prompt; add one");
        return cases;
    }

    private static EvaluationCase line(Lines.Line line, int number, Given defaults) {
        if (line.fault().isPresent()) throw new UsageException(line.fault().get());
        var object = JsonText.MAPPER.readTree(line.text());
        if (!object.isObject()) throw new UsageException("it is not a JSON object; write {\"prompt\": \"…\"}");
        if (object.has("name") && !object.get("name").isString())
            throw new UsageException("name is not a string; put it in quotes");
        var name = object.has("name") ? object.get("name").stringValue() : Integer.toString(number);
        return of(name, Given.of(object, KEYS).over(defaults));
    }

    private static InputStream open(String source, Io io) {
        try {
            return source.equals("-") ? io.in() : Files.newInputStream(Path.of(source));
        } catch (InvalidPathException _) {
            throw new UsageException("--jsonl '" + source + "' is not the name of a file; name one");
        } catch (IOException e) {
            throw new UsageException("--jsonl " + source + " cannot be read (" + Output.reason(e)
                + "); name another file");
        }
    }

    /// Held-out prompts of the bundled models' world: half ask for what stands in a passage, a quarter for what a
    /// context says against a fact, a quarter for facts, each of them with the same question in other words.
    ///
    /// Where the answer stands in the prompt it is marked, if the model gives it.
    static List<EvaluationCase> heldOut(int n, long seed, Given given) {
        var world = World.of(seed);
        var facts = n / 4;
        var conflicts = n / 4;
        var all = new ArrayList<EvaluationCase>();
        for (var e : world.heldOut(Skill.RETRIEVAL, n - facts - conflicts)) all.add(asked(e, all.size(), given, null));
        for (var e : world.heldOut(Skill.CONFLICT, conflicts)) all.add(asked(e, all.size(), given, null));
        var things = world.size(Skill.FACT);
        var rounds = world.heldOut(Skill.FACT, ROUNDS * things);            // each thing again, in other words
        for (int i = 0; i < facts; i++) {
            var thing = i % things;
            var prompts = IntStream.range(0, ROUNDS).mapToObj(r -> rounds.get(r * things + thing).prompt()).toList();
            var other = prompts.stream().filter(p -> !p.equals(prompts.getFirst())).findFirst();
            all.add(asked(rounds.get(thing), all.size(), given, other.orElse(null)));
        }
        return all;
    }

    private static EvaluationCase asked(Example e, int number, Given given, @Nullable String paraphrase) {
        var marks = e.evidence().stream().<Mark>map(s -> new Mark.Span(s.from(), s.to())).toList();
        return new EvaluationCase(e.skill() + " " + number, new Input.Text(e.prompt()), Aim.of(given), marks,
            e.answer(), Optional.ofNullable(paraphrase).map(Input.Text::new));
    }
}
