package clew.app;

import clew.model.LanguageModel;
import clew.training.demo.Exam;
import clew.training.world.Skill;
import clew.training.world.World;
import java.util.List;
import java.util.Locale;

/// What a demo model can do, on examples that its training has not seen; as Markdown, for people and model cards.
record DemoReport(List<Exam.Mark> marks, List<RetrievalStudy.Row> rows, int prompts) {
    /// Held-out examples of each skill, and prompts of the study.
    static final int EXAMPLES = 400, PROMPTS = 100;

    static DemoReport of(LanguageModel model, long seed, int examples, int prompts) {
        var world = World.of(seed);
        var rows = new RetrievalStudy(model).rows(world.heldOut(Skill.RETRIEVAL, prompts));
        return new DemoReport(new Exam(model, world).marks(examples), rows, prompts);
    }

    String markdown() {
        var out = new StringBuilder("| held-out examples of | right | of | accuracy |\n|---|---|---|---|\n");
        for (var m : marks)
            out.append("| %s | %d | %d | %s |\n".formatted(m.title(), m.right(), m.asked(), percent(m.accuracy())));
        out.append("\n%d held-out retrieval prompts, mean ± half of the 95 %% interval:\n\n".formatted(prompts))
            .append("| ranking | retrieved token among the top 3 | comprehensiveness | more than random |\n")
            .append("|---|---|---|---|\n");
        for (var r : rows)
            out.append("| %s | %s | %s | %s |\n".formatted(r.ranking(), percent(r.found().value()),
                mean(r.comprehensiveness()), r.ranking().equals("random") ? "–" : mean(r.gain())));
        return out.toString();
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    private static String mean(RetrievalStudy.Mean mean) {
        return String.format(Locale.ROOT, "%.3f ± %.3f", mean.value(), mean.half());
    }
}
