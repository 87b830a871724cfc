package clew.attribution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.engine.tensor.Shape;
import clew.model.Edit;
import clew.model.LanguageModel;
import clew.model.ModelException;
import clew.model.Pass;
import clew.model.Run;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Values of coalitions that share their beginnings are those of whole prompts run one by one.
final class PromptGameTest {
    private static final int[] IDS = {3, 14, 15, 9, 2, 6, 11, 1};

    @TempDir
    Path dir;

    private static List<BitSet> every(int players) {
        var all = new ArrayList<BitSet>();
        for (long bits = 0; bits < 1L << players; bits++) all.add(BitSet.valueOf(new long[] {bits}));
        Collections.shuffle(all, new Random(7));
        return all;
    }

    private static List<Explained> targets(Run run) {
        return List.of(Target.id(4).on(run).getFirst(), Target.id(7).at(5).by(Score.PROB).on(run).getFirst());
    }

    /// One prompt with some positions replaced, run whole.
    private static double[] whole(LanguageModel model, BitSet gone, Removal removal, List<Explained> targets) {
        var D = model.spec().width();
        var ids = IDS.clone();
        var pass = Pass.of(ids);
        if (removal instanceof Removal.Token(int id)) {
            gone.stream().forEach(t -> ids[t] = id);
            pass = Pass.of(ids);
        } else {
            var row = removal instanceof Removal.Mean ? new Baseline.Mean().row(model) : new double[D];
            var e = new double[IDS.length * D];
            for (int t = 0; t < IDS.length; t++)
                System.arraycopy(gone.get(t) ? row : new Baseline.Token(ids[t]).row(model), 0, e, t * D, D);
            pass = pass.embeddings(model.kernels().tensor(Shape.of(IDS.length, D), e), 1);
        }
        try (var run = model.run(pass.at(5, 7))) {
            return targets.stream().mapToDouble(f -> f.at(run.logits(0, f.position()))).toArray();
        }
    }

    @ParameterizedTest
    @EnumSource(Tiny.class)
    void theTrieIsBruteForce(Tiny family) {
        for (var device : Device.values())
            try (var model = family.open(dir, device); var run = model.run(Pass.of(IDS).at(5, 7))) {
                var groups = Groups.each(8);
                for (var removal : List.of(new Removal.Token(5), new Removal.Zero(), new Removal.Mean())) {
                    var sets = every(8);
                    var game = new PromptGame(run, targets(run), groups, removal);
                    var values = game.values(sets);
                    for (int i = 0; i < sets.size(); i += 7)
                        assertArrayEquals(whole(model, game.without(sets.get(i)), removal, targets(run)), values[i],
                            device == Device.SCALAR ? 1e-12 : 1e-5, removal + " " + sets.get(i));
                }
            }
    }

    /// The mean over all 24 orders of four features, each step a whole prompt of its own.
    @ParameterizedTest
    @EnumSource(Tiny.class)
    void exactShapleyIsEveryOrder(Tiny family) {
        var features = new int[] {1, 3, 4, 7};
        for (var device : Device.values())
            try (var model = family.open(dir, device); var run = model.run(Pass.of(IDS).at(5, 7))) {
                var f = targets(run);
                var removal = new Removal.Token(5);
                var expected = new double[2][8];
                for (var order : orders(4)) {
                    var gone = new BitSet();
                    for (int t : features) gone.set(t);
                    var before = whole(model, gone, removal, f);
                    for (int i : order) {
                        gone.clear(features[i]);
                        var after = whole(model, gone, removal, f);
                        for (int t = 0; t < 2; t++) expected[t][features[i]] += (after[t] - before[t]) / 24;
                        before = after;
                    }
                }
                var scores = new Shapley(removal).explain(run, f, Groups.of(features)).scores();
                for (int t = 0; t < 2; t++)
                    assertArrayEquals(expected[t], scores[t], device == Device.SCALAR ? 1e-12 : 1e-5);
            }
    }

    private static List<List<Integer>> orders(int n) {
        if (n == 0) return List.of(List.of());
        var all = new ArrayList<List<Integer>>();
        for (var shorter : orders(n - 1))
            for (int at = 0; at < n; at++) {
                var order = new ArrayList<>(shorter);
                order.add(at, n - 1);
                all.add(order);
            }
        return all;
    }

    /// Embeddings that are given, as a metric does that disturbs them: an id in place of a token becomes its row.
    @Test
    void givenEmbeddingsAreRemovedLikeTokens() {
        try (var model = Tiny.LLAMA.open(dir, Device.SCALAR); var plain = model.run(Pass.of(IDS))) {
            var rows = model.kernels().tensor(Shape.of(8, 8), plain.embeddings().tensor().toDoubles());
            try (var run = model.run(Pass.of(IDS).embeddings(rows, 1))) {
                for (var removal : List.of(new Removal.Token(5), new Removal.Resample(3, 1), new Removal.Delete(),
                    new Removal.Mask(), new Removal.Zero(), new Removal.Mean(), new Removal.Usual()))
                    assertArrayEquals(new Ablation(removal).explain(plain, Target.id(4)).scores()[0],
                        new Ablation(removal).explain(run, Target.id(4)).scores()[0], 1e-12, removal.toString());
            }
        }
    }

    /// So are edited ones, whose edit fits no shorter prompt.
    @Test
    void editedEmbeddingsAreRemovedLikeTokens() {
        try (var model = Tiny.GPT2.open(dir, Device.SCALAR); var plain = model.run(Pass.of(IDS))) {
            var noise = new Random(4).doubles(64, -0.1, 0.1).toArray();
            var edit = new Edit.Add(Edit.Where.all("hook_embed"), model.kernels().tensor(Shape.of(8, 8), noise));
            var moved = plain.embeddings().tensor().toDoubles();
            for (int i = 0; i < moved.length; i++) moved[i] += noise[i];
            var rows = model.kernels().tensor(Shape.of(8, 8), moved);
            try (var run = model.run(Pass.of(IDS).edits(List.of(edit)));
                 var given = model.run(Pass.of(IDS).embeddings(rows, 1))) {
                for (var removal : List.of(new Removal.Token(5), new Removal.Resample(2, 1), new Removal.Delete(),
                    new Removal.Mask(), new Removal.Mean()))
                    assertArrayEquals(new Ablation(removal).explain(given, Target.id(4)).scores()[0],
                        new Ablation(removal).explain(run, Target.id(4)).scores()[0], 1e-12, removal.toString());
            }
        }
    }

    /// 64 coalitions of the last 6 tokens, the first 2 as they are: each beginning is run once.
    @Test
    void sharedBeginningsAreRunOnce() {
        try (var model = Tiny.GPT2.open(dir, Device.SCALAR)) {
            var rows = new int[1];
            var watched = model.watched(run -> rows[0] += run.pass().ids().length);
            try (var run = watched.run(Pass.of(IDS))) {
                rows[0] = 0;
                new PromptGame(run, Target.top().on(run), Groups.of(2, 3, 4, 5, 6, 7), new Removal.Token(5))
                    .values(every(6));
                assertEquals(2 * 64, rows[0], "of every coalition the last two tokens only; the rest is remembered");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Tiny.class)
    void deletedTokensLeaveAShorterPrompt(Tiny family) {
        try (var model = family.open(dir, Device.SCALAR); var run = model.run(Pass.of(IDS))) {
            var f = Target.id(4).on(run);
            var scores = new Ablation(new Removal.Delete()).explain(run, f).scores()[0];
            for (int t = 0; t < 8; t++) {
                var gone = t;
                try (var shorter = model.run(Pass.of(IntStream.range(0, 8).filter(i -> i != gone).map(i -> IDS[i])
                    .toArray()))) {
                    assertEquals(f.getFirst().value() - shorter.logits(0, 6)[4], scores[t], 1e-12);
                }
            }
        }
    }

    /// A masked token is one whose column of every pattern is 0: scores of minus infinity, before the softmax.
    @ParameterizedTest
    @EnumSource(value = Tiny.class, names = {"GPT2", "LLAMA", "GPT_NEOX", "QWEN3"})
    void maskedTokensAreSeenByNoQuery(Tiny family) {
        try (var model = family.open(dir, Device.SCALAR); var run = model.run(Pass.of(IDS))) {
            var f = Target.id(4).on(run);
            var scores = new Ablation(new Removal.Mask()).explain(run, f).scores()[0];
            var H = model.spec().heads();
            for (int t = 0; t < 7; t++) {
                var away = new double[H * 64];
                for (int i = 0; i < away.length; i++) if (i % 8 == t && i / 8 % 8 != t) away[i] = -1e30;
                var value = model.kernels().tensor(Shape.of(H * 8, 8), away);
                var hook = Edit.Where.all("blocks.0.attn.hook_attn_scores");
                try (var masked = model.run(Pass.of(IDS).edits(List.of(new Edit.Add(hook, value))))) {
                    assertEquals(f.getFirst().value() - masked.logits(0, 7)[4], scores[t], 1e-12, "token " + t);
                }
            }
        }
    }

    @Test
    void aWindowRefusesAMask() {
        try (var model = Tiny.GEMMA2.open(dir, Device.SCALAR); var run = model.run(Pass.of(IDS))) {
            var said = assertThrows(ModelException.class,
                () -> new Ablation(new Removal.Mask()).explain(run, Target.top())).getMessage();
            assertTrue(said.contains("looks back on 3 tokens only"), said);
        }
    }

    @Test
    void resampledTokensAreTheMeanOverTheirDraws() {
        try (var model = Tiny.LLAMA.open(dir, Device.SCALAR); var run = model.run(Pass.of(IDS))) {
            var removal = new Removal.Resample(3, 11);
            var f = Target.id(4).on(run);
            var scores = new Ablation(removal).explain(run, f).scores()[0];
            var expected = f.getFirst().value();
            for (var draw : removal.tokens(23, 8)) {
                var ids = IDS.clone();
                ids[2] = draw[2];
                try (var other = model.run(Pass.of(ids))) {
                    expected -= other.logits(0, 7)[4] / 3;
                }
            }
            assertEquals(expected, scores[2], 1e-12);
        }
    }
}
