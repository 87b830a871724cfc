package clew.attribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.engine.rule.RuleSet;
import clew.engine.rule.RuleSets;
import clew.engine.tensor.DType;
import clew.engine.tensor.Tensor;
import clew.model.Edit;
import clew.model.Edit.Where;
import clew.model.LanguageModel;
import clew.model.Models;
import clew.model.Pass;
import clew.model.Run;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Where relevance goes is accounted for: on every model, under every rule set, for every score and contrast.
@Execution(ExecutionMode.CONCURRENT)
final class LedgerTest {
    /// Prompts that every vocabulary has ids for.
    private static final List<int[]> PROMPTS = List.of(new int[] {7}, new int[] {1, 33, 17, 8, 20, 12, 17, 30, 44});

    static Stream<Arguments> models() {
        var places = List.of("goldens/models/gpt2-tiny", "goldens/models/gpt2-tiny-f16-bare",
            "goldens/models/llama-tiny-gqa", "goldens/models/llama-tiny-gqa-bf16", "goldens/models/llama-tiny-tied-mha",
            "goldens/models/qwen2-tiny-sharded", "goldens/models/qwen3-tiny", "goldens/models/mistral-tiny",
            "goldens/models/pythia-tiny", "goldens/models/gemma2-tiny", "goldens/models/gemma3-tiny",
            "models/stories260k", "models/tinystories-656k", "models/tinystories-656k-qwen2", "models/slm-4096");
        return Arrays.stream(Device.values()).flatMap(d -> places.stream().map(p -> Arguments.of(p, d)));
    }

    @ParameterizedTest
    @MethodSource("models")
    void theLedgerClosesUnderEveryRuleSetForEveryTarget(String place, Device device) {
        try (var model = Models.open(Shared.path(place), device.kernels())) {
            for (var prompt : PROMPTS)
                try (var run = model.run(declaring(Pass.of(prompt).at(0, prompt.length - 1), model))) {
                    for (var rules : RuleSets.conserving()) closes(run, rules, targets(run), device);
                }
        }
    }

    /// With what PA-LRP reads, so that every rule set reads this very run.
    private static Pass declaring(Pass pass, LanguageModel model) {
        return pass.hooks(new Lrp(RuleSets.PA_LRP).hooks(model).toArray(String[]::new));
    }

    private static void closes(Run run, RuleSet rules, List<Explained> targets, Device device) {
        var result = new Lrp(rules).explain(run, targets);
        var open = 0;
        for (int t = 0; t < targets.size(); t++) {
            var f = targets.get(t);
            var ledger = result.diagnostics().ledgers().get(t);
            var what = rules.name() + " on " + f + ": " + ledger;
            if (!ledger.closes(run.logits().dtype())) {
                open++;
                assertTrue(device == Device.SIMD && Math.abs(ledger.closure()) <= rounding(f, run), what);
            }
            if (f.score() == Score.LOGIT) assertEquals(f.value(), ledger.explained(), 1e-12 * ledger.largest(), what);
        }
        assertEquals(open, result.warnings().size(), "what does not close is said");
    }

    /// What float32 may move ⟨seed, logits⟩ by: a logit is a sum of D products that are rounded one by one, which is √D
    /// units of its last place in the mean square. A difference of 7e-4 between two logits of −10 is known to no more
    /// than 1e-6 even if only the logits were rounded, whatever the ledger says.
    private static double rounding(Explained f, Run run) {
        var z = run.logits(0, f.position());
        var units = Math.sqrt(run.model().spec().width());
        return 0x1p-23 * units * Arrays.stream(Products.of(f.derivative(z), z)).map(Math::abs).sum();
    }

    private static List<Explained> targets(Run run) {
        var targets = new ArrayList<Explained>();
        for (var contrast : List.of(new Contrast.None(), new Contrast.Mean(), new Contrast.Foil(11)))
            for (var score : List.of(Score.LOGIT, Score.LOGPROB, Score.PROB))
                for (int row : new int[] {-1, 0})
                    for (var target : List.of(Target.top(), Target.id(5)))
                        targets.addAll(target.at(row).by(score).against(contrast).on(run));
        targets.addAll(Target.top().by(Score.ENTROPY).on(run));
        return targets;
    }

    static Stream<Arguments> goldens() {
        return Stream.of("gpt2-tiny", "llama-tiny-gqa", "llama-tiny-tied-mha", "qwen2-tiny", "qwen3-tiny",
                "mistral-tiny", "pythia-tiny", "gemma2-tiny", "gemma3-tiny")
            .flatMap(name -> Arrays.stream(Device.values()).map(d -> Arguments.of(name, d)));
    }

    /// In float32 too the closure is at most 1e-5 of the logit, and under CP-LRP the tokens of a model without biases
    /// are the whole logit. A logit of a hundredth of its row's largest is itself known to two units in that one's last
    /// place.
    @ParameterizedTest
    @MethodSource("goldens")
    void theGoldensTargetsCloseOnTheLogit(String name, Device device) {
        var golden = Golden.read(name);
        try (var subject = new Subject(golden, device)) {
            var bare = !biased(subject);
            for (var sequence : List.of("s0", "s1", "s2", "s3"))
                for (var rules : RuleSets.conserving()) {
                    var result = subject.explain(sequence, new Lrp(rules), Score.LOGIT);
                    var largest = GoldenTable.largest(subject.lastLogits(sequence));
                    for (int t = 0; t < 2; t++) {
                        var ledger = result.diagnostics().ledgers().get(t);
                        var logit = subject.targets(sequence, Score.LOGIT).get(t).value();
                        var allowed = device == Device.SCALAR ? 1e-9 * Math.abs(logit)
                            : Math.max(1e-5 * Math.abs(logit), 0x1p-22 * largest);
                        assertEquals(0, ledger.closure(), allowed, rules.name() + " " + sequence + " t" + t);
                        if (bare && rules == RuleSets.CP_LRP)
                            assertEquals(logit, Arrays.stream(result.scores()[t]).sum(), allowed, sequence + " t" + t);
                    }
                }
        }
    }

    /// CP-LRP never reaches the softmax, and most families have no biases or no learned positions: such entries are
    /// zero.
    @ParameterizedTest
    @MethodSource("goldens")
    void entriesAreZeroWhereTheModelHasNothingToBook(String name, Device device) {
        var golden = Golden.read(name);
        try (var subject = new Subject(golden, device)) {
            Map.of(RuleSets.CP_LRP, true, RuleSets.ATTN_LRP, false).forEach((rules, held) -> {
                var ledger = subject.explain("s1", new Lrp(rules), Score.LOGIT).diagnostics().ledgers().getFirst();
                assertEquals(held, ledger.softmax() == 0, "softmax");
                assertEquals(!biased(subject), ledger.biases() == 0, "biases");
                assertEquals(subject.model.spec().rope() != null, ledger.positions() == 0, "positions");
                assertEquals(0, ledger.epsilon(), "LRP-0 has no ε");
                assertEquals(0, ledger.edits(), "nothing was edited");
            });
        }
    }

    private static boolean biased(Subject subject) {
        return List.of("gpt2", "gpt_neox", "qwen2").contains(subject.model.spec().family());
    }

    /// A class of a model that classifies is explained like any logit.
    @ParameterizedTest
    @EnumSource(Tiny.class)
    void theLedgerOfAClassifierCloses(Tiny family, @TempDir Path dir) {
        var name = Map.of(Tiny.GPT2, "GPT2", Tiny.LLAMA, "Llama", Tiny.GPT_NEOX, "GPTNeoX", Tiny.GEMMA2, "Gemma2",
            Tiny.QWEN3, "Qwen3").get(family) + "ForSequenceClassification";
        var weights = family.weights().normal("score.weight", 3, 8);
        var more = ", \"architectures\": [\"" + name + "\"], \"id2label\": {\"0\": \"a\", \"1\": \"b\", \"2\": \"c\"}";
        for (var device : Device.values())
            try (var model = family.open(dir, device, weights, more); var run = model.run(Pass.of(3, 14, 15, 9))) {
                var each = Stream.of(Target.id(0), Target.id(2).by(Score.PROB),
                    Target.id(1).against(new Contrast.Mean())).map(t -> t.on(run).getFirst()).toList();
                for (var rules : RuleSets.conserving()) closes(run, rules, each, device);
                assertEquals("c", new Lrp(RuleSets.ATTN_LRP).explain(run, each).text(2));
            }
    }

    /// What an edit puts in is an entry of its own, whatever it is and wherever.
    @ParameterizedTest
    @EnumSource(Tiny.class)
    void theLedgerOfAnEditedRunCloses(Tiny family, @TempDir Path dir) {
        int[] prompt = {3, 14, 15, 9, 2, 6, 5, 3, 5};
        try (var model = family.open(dir, Device.SCALAR)) {
            for (var point : model.family().hooks()) {
                var all = Where.all(point.name());
                var some = new Where(point.name(), List.of(2, 8), List.of());
                var size = Arrays.stream(point.shape(model.spec(), prompt.length)).reduce(1, (a, b) -> a * b);
                var value = Tensor.of(new Random(7).doubles(size).toArray(), size);
                for (var edit : List.of(new Edit.Zero(some), new Edit.Patch(some, value), new Edit.Mean(some, value),
                    new Edit.Add(all, value), new Edit.Scale(all, -1.5)))
                    try (var run = model.run(Pass.of(prompt).atAll().edits(List.of(edit)))) {
                        var few = Stream.of(Target.id(4), Target.id(7).at(3).by(Score.PROB))
                            .map(t -> t.on(run).getFirst()).toList();
                        for (var rules : RuleSets.conserving()) closes(run, rules, few, Device.SCALAR);
                    }
            }
        }
    }

    /// Under PA-LRP what positions have, token by token, is the ledger's entry; rotations leave less for the tokens.
    @ParameterizedTest
    @EnumSource(Tiny.class)
    void positionsTokenByTokenAreTheLedgersEntry(Tiny family, @TempDir Path dir) {
        try (var model = family.open(dir, Device.SCALAR); var run = model.run(Pass.of(3, 14, 15, 9, 2, 6))) {
            var result = new Lrp(RuleSets.PA_LRP).explain(run, Target.id(4));
            var ledger = result.diagnostics().ledgers().getFirst();
            var positions = Arrays.stream(result.positions()[0]).sum();
            assertEquals(ledger.positions(), positions, 1e-12 * ledger.largest());
            assertTrue(Math.abs(positions) > 1e-6, "positions have a part");
            assertTrue(ledger.closes(DType.F64));
        }
    }

    /// GIM keeps no ledger, and compares with the row that it is told.
    @ParameterizedTest
    @EnumSource(Tiny.class)
    void gimIsAProductWithTheDifferenceFromItsBaseline(Tiny family, @TempDir Path dir) {
        try (var model = family.open(dir, Device.SCALAR); var run = model.run(Pass.of(3, 14, 15, 9, 2, 6))) {
            var zero = new Lrp(RuleSets.GIM).explain(run, Target.id(4));
            var token = new Lrp(RuleSets.GIM, new Baseline.Token(14), Aggregate.SUM).explain(run, Target.id(4));
            assertEquals(List.of(), zero.diagnostics().ledgers());
            assertEquals(List.of("gim keeps no ledger: under it activation moves as in calculus, so relevance is not"
                + " conserved there, and what is won or lost is booked nowhere"), zero.warnings());
            assertEquals(0, token.scores()[0][1], "a token compared with itself");
            assertTrue(Math.abs(token.scores()[0][5] - zero.scores()[0][5]) > 1e-9);
        }
    }

    /// What arrives at a layer that carries all of f, and what was booked on the way there, is the explained amount:
    /// under every rule set, edits included. At the embeddings that is the ledger of the input.
    @ParameterizedTest
    @EnumSource(Tiny.class)
    void theLedgerOfALayerOfTheStreamCloses(Tiny family, @TempDir Path dir) {
        var half = new Edit.Scale(Where.all("blocks.0.hook_mlp_out"), 0.5);
        try (var model = family.open(dir, Device.SCALAR)) {
            var layers = List.of("blocks.0.hook_resid_pre", "blocks.0.hook_resid_post", "logits");
            var pass = Pass.of(3, 14, 15, 9, 2, 6).hooks(layers.toArray(String[]::new));
            for (var edits : List.of(List.<Edit>of(), List.<Edit>of(half)))
                try (var run = model.run(pass.atAll().edits(edits))) {
                    var few = Stream.of(Target.id(4), Target.id(7).at(3).by(Score.PROB))
                        .map(t -> t.on(run).getFirst()).toList();
                    for (var rules : RuleSets.conserving())
                        for (var layer : layers) {
                            var result = new LayerRelevance(layer, rules, Aggregate.SUM).explain(run, few);
                            for (var ledger : result.diagnostics().ledgers()) {
                                assertTrue(ledger.closes(DType.F64), layer + " " + rules.name() + " " + ledger);
                                assertEquals(0, ledger.past());
                            }
                            assertEquals(2, result.diagnostics().ledgers().size());
                            assertEquals(List.of(), result.warnings());
                        }
                }
        }
    }

    /// What goes past a layer is the rest, and said to be no more than that.
    @ParameterizedTest
    @EnumSource(Tiny.class)
    void theLedgerOfAPartOfTheStreamHasWhatGoesPast(Tiny family, @TempDir Path dir) {
        try (var model = family.open(dir, Device.SCALAR); var run = model.run(Pass.of(3, 14, 15, 9, 2, 6))) {
            for (var layer : List.of("blocks.0.hook_mlp_out", "blocks.0.mlp.hook_post", "blocks.0.attn.hook_z")) {
                var result = new LayerRelevance(layer, RuleSets.ATTN_LRP, Aggregate.SUM).explain(run, Target.id(4));
                var ledger = result.diagnostics().ledgers().getFirst();
                assertEquals(Arrays.stream(result.scores()[0]).sum(), ledger.tokens(), 1e-12);
                assertTrue(Math.abs(ledger.past()) > 1e-6, layer + " " + ledger);
                assertEquals(0, ledger.closure(), 1e-12 * ledger.largest());
                assertTrue(result.warnings().getFirst().startsWith("not all of f passes " + layer), layer);
            }
            var gim = new LayerRelevance("blocks.0.hook_resid_pre", RuleSets.GIM, Aggregate.SUM)
                .explain(run, Target.id(4));
            assertEquals(List.of(), gim.diagnostics().ledgers());
            assertTrue(gim.warnings().getFirst().startsWith("gim keeps no ledger"));
            assertEquals(List.of(), new LayerRelevance("blocks.0.hook_mlp_out").explain(run, Target.id(4)).warnings());
        }
    }

    /// A ledger that is short says so: to the precision of its run.
    @Test
    void aLedgerThatIsShortDoesNotClose() {
        var ledger = new Ledger(2, 1, 0.5, 0.25, 0.25 - 1e-8, 0, 0, 3);
        assertEquals(-1e-8, ledger.closure(), 1e-16);
        assertTrue(ledger.closes(DType.F32));
        assertFalse(ledger.closes(DType.F64));
    }
}
