package clew.training.demo;

import clew.model.Generator;
import clew.model.LanguageModel;
import clew.model.ModelException;
import clew.training.world.Example;
import clew.training.world.Skill;
import clew.training.world.Specials;
import clew.training.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Held-out accuracy: of the examples of a skill, how many a model continues with exactly the answer.
public final class Exam {
    private final LanguageModel model;
    private final World world;

    public Exam(LanguageModel model, World world) {
        this.model = model;
        this.world = world;
    }

    /// @param title what was asked
    /// @param right how many answers were right
    /// @param asked out of how many
    public record Mark(String title, int right, int asked) {
        /// From 0 to 1.
        public double accuracy() {
            return (double) right / asked;
        }
    }

    /// The mark of every skill; conflicts also without their context, where the fact is the answer.
    ///
    /// @param most examples of each skill; of what is recalled each thing once, if there are fewer
    public List<Mark> marks(int most) {
        var marks = new ArrayList<Mark>();
        for (var skill : Skill.values()) {
            var things = world.size(skill);
            var examples = world.heldOut(skill, things == 0 ? most : Math.min(most, things));
            marks.add(mark(skill.name(), examples));
            if (skill == Skill.CONFLICT)
                marks.add(mark("CONFLICT, without the context",
                    examples.stream().flatMap(e -> e.alone().stream()).toList()));
        }
        return marks;
    }

    private Mark mark(String title, List<Example> examples) {
        return new Mark(title, (int) examples.stream().filter(this::answers).count(), examples.size());
    }

    /// Whether the likeliest continuation is the answer, and ends where the answer ends.
    public boolean answers(Example example) {
        var tokenizer = model.tokenizer().orElseThrow(() ->
            new ModelException(model.path() + " has no tokenizer files; an exam needs them"));
        var length = tokenizer.encodePlain(example.answer()).size() + 1;
        var ends = Set.of(tokenizer.idOf(Specials.END).orElseThrow(() ->
            new ModelException(model.path() + " has no token " + Specials.END
                + "; the exam is for models that train-demo makes")));
        var said = new Generator(model).greedy(tokenizer.encode(example.prompt()).ids(), length, ends);
        var text = tokenizer.decode(said.ids());
        return example.isAnsweredBy(said.stop() == Generator.Stop.EOS ? text + Specials.END : text);
    }
}
