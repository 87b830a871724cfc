package clew.attribution;

import clew.model.ModelException;
import clew.model.Run;
import clew.model.token.Tokenizer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/// The prompts that a template makes with some of its slots taken away, with what stood behind the prompt.
///
/// @param behind the run's ids behind those of the template's text: a continuation
record Renderings(Tokenizer tokenizer, Template template, Groups slots, int[] behind) {
    /// @throws ModelException if the run is not of the template's text, or a row within it is explained
    static Renderings of(Run run, List<Explained> targets, Groups features, Template template) {
        var tokenizer = run.model().tokenizer().orElseThrow(() -> new ModelException(run.model().path()
            + " has no tokenizer files, which a template's texts need"));
        var encoding = tokenizer.encode(template.text());
        int[] ids = run.pass().ids(), own = encoding.ids();
        if (Arrays.mismatch(ids, own) != -1 && Arrays.mismatch(ids, own) < own.length)
            throw new ModelException("the prompt is not the template's text: run the model on Template.text()");
        if (targets.stream().anyMatch(f -> f.rows().getFirst().position() < own.length - 1))
            throw new ModelException("texts in the place of slots move the rows of a prompt; explain its last row, or"
                + " take --removal");
        var slots = template.groups(encoding.tokens());
        for (var feature : features.members())
            if (slots.members().stream().noneMatch(s -> Arrays.equals(s, feature)))
                throw new ModelException("only whole slots have texts in their place, and tokens "
                    + Arrays.toString(feature) + " are none: take the template's groups");
        return new Renderings(tokenizer, template, slots, Arrays.copyOfRange(ids, own.length, ids.length));
    }

    /// The ids of a run in which the slots at these positions are gone.
    int[] without(BitSet positions) {
        var gone = new BitSet();
        for (int i = 0; i < slots.size(); i++) if (positions.get(slots.members().get(i)[0])) gone.set(i);
        var prompt = tokenizer.encode(template.without(gone)).ids();
        if (prompt.length == 0)
            throw new ModelException("without its slots the prompt is empty; give texts in their place");
        return IntStream.concat(IntStream.of(prompt), IntStream.of(behind)).toArray();
    }
}
