package clew.attribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.engine.tensor.Tensor;
import clew.model.ModelException;
import clew.model.Pass;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A target becomes scalars of a run, or says why it cannot.
final class TargetTest {
    private static final int[] IDS = {3, 14, 15, 9};

    @TempDir
    Path dir;

    @Test
    void theDefaultIsTheLogitOfTheLikeliestTokenAtTheLastRow() {
        try (var model = Tiny.GPT2.open(dir, Device.SCALAR); var run = model.run(Pass.of(IDS))) {
            var f = Target.top().on(run).getFirst();
            var logits = run.logits(0, 3);
            assertEquals(3, f.position());
            assertEquals(1, f.rank());
            assertEquals(Score.LOGIT, f.score());
            assertEquals(logits[f.id()], f.value());
            for (double z : logits) assertTrue(z <= f.value());
        }
    }

    @Test
    void theLikeliestComeInOrderAndTiesByTheLowerId() {
        var weights = Tiny.GPT2.weights();
        weights.tensors.put("ln_f.weight", Tensor.of(new float[8], 8));
        weights.tensors.put("ln_f.bias", Tensor.of(new float[8], 8));                  // every logit is 0
        try (var model = Tiny.GPT2.open(dir, Device.SCALAR, weights, ""); var run = model.run(Pass.of(IDS))) {
            assertEquals(List.of(0, 1, 2), top(3).on(run).stream().map(Explained::id).toList());
            assertEquals(23, top(1000).on(run).size());
        }
        try (var model = Tiny.GPT2.open(dir, Device.SCALAR); var run = model.run(Pass.of(IDS))) {
            var all = top(23).on(run);
            for (int i = 0; i < 23; i++) assertEquals(i + 1, all.get(i).rank());
            assertEquals(1, top(5).by(Score.ENTROPY).on(run).size(), "entropy belongs to the row");
        }
    }

    @Test
    void rowsCountFromEitherEnd() {
        for (int row = 0; row < 4; row++) {
            assertEquals(row, Target.top().at(row).row(4));
            assertEquals(row, Target.top().at(row - 4).row(4));
        }
        for (int row : new int[] {4, -5, Integer.MAX_VALUE, Integer.MIN_VALUE})
            assertEquals("position " + row + " is outside the input of 4 tokens",
                refused(() -> Target.top().at(row).row(4)));
    }

    @Test
    void whatIsOutsideTheVocabularyIsSaid() {
        try (var model = Tiny.GPT2.open(dir, Device.SCALAR); var run = model.run(Pass.of(IDS))) {
            assertEquals("target id 23 is outside the vocabulary of 23 (0 … 22)", refused(() -> Target.id(23).on(run)));
            assertEquals("target id -1 is outside the vocabulary of 23 (0 … 22)", refused(() -> Target.id(-1).on(run)));
            assertEquals("target id 99 is outside the vocabulary of 23 (0 … 22)",
                refused(() -> Target.id(1).against(new Contrast.Foil(99)).on(run)));
            assertTrue(refused(() -> Target.id(1).at(0).on(run)).startsWith("logits at row 0 were not asked for"));
        }
    }

    @Test
    void whatHasNoMeaningIsRefused() {
        assertEquals("entropy belongs to a whole row and has no contrast; leave the contrast out",
            refused(() -> Target.top().against(new Contrast.Mean()).by(Score.ENTROPY)));
        assertThrows(IllegalArgumentException.class, () -> top(0));
    }

    private static Target top(int k) {
        return new Target(new Target.Choice.Top(k), -1, Score.LOGIT, new Contrast.None());
    }

    private static String refused(Runnable work) {
        return assertThrows(ModelException.class, work::run).getMessage();
    }
}
