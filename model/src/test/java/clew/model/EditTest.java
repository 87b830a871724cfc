package clew.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import clew.engine.tensor.Tensor;
import clew.model.Edit.Where;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// An edit changes what it names, by its own arithmetic, and nothing else at its hook point.
final class EditTest {
    private static final int[] IDS = {3, 14, 15, 9, 2};
    private static final int T = IDS.length;

    @TempDir
    Path dir;

    @ParameterizedTest
    @MethodSource("clew.model.Tiny#everywhere")
    void aRunPatchedWithItsOwnValuesIsTheSameRun(Tiny.Family family, Device device) {
        try (var model = family.make().open(dir, device.kernels())) {
            var names = model.family().hooks().stream().map(HookPoint::name).toArray(String[]::new);
            try (var clean = model.run(Pass.of(IDS).hooks(names))) {
                for (var name : names) {
                    var own = new Edit.Patch(Where.all(name), clean.value(name).tensor());
                    try (var run = model.run(Pass.of(IDS).hooks(names).edits(List.of(own)))) {
                        assertArrayEquals(clean.logits().toDoubles(), run.logits().toDoubles(), name);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyEditDoesItsArithmeticWhereItIsToldAndNothingElsewhere(Tiny.Family family) {
        try (var model = family.make().open(dir, Device.SCALAR.kernels())) {
            for (var point : model.family().hooks()) {
                var heads = point.heads(model.spec()) > 0;
                check(model, point, Where.all(point.name()));
                check(model, point, new Where(point.name(), List.of(1, 4), List.of()));
                if (heads) check(model, point, new Where(point.name(), List.of(), List.of(1)));
                if (heads) check(model, point, new Where(point.name(), List.of(0, 4), List.of(1)));
            }
        }
    }

    private static void check(LanguageModel model, HookPoint point, Where at) {
        var x = edited(model, point.name());
        var v = new Random(Tiny.SEED).doubles(x.length).toArray();
        var given = Tensor.of(v, v.length);
        holds(model, point, new Edit.Zero(at),         x, _ -> 0);
        holds(model, point, new Edit.Patch(at, given), x, i -> v[i]);
        holds(model, point, new Edit.Add(at, given),   x, i -> x[i] + v[i]);
        holds(model, point, new Edit.Scale(at, -2.5),  x, i -> -2.5 * x[i]);
        holds(model, point, new Edit.Mean(at, given),  x, i -> mean(point, model.spec(), v, i));
    }

    private static void holds(LanguageModel model, HookPoint point, Edit edit, double[] x, IntToDoubleFunction y) {
        var actual = edited(model, point.name(), edit);
        for (int i = 0; i < x.length; i++)
            assertEquals(touched(point, model.spec(), edit.where(), i) ? y.applyAsDouble(i) : x[i], actual[i], 1e-14,
                edit + " at element " + i);
    }

    /// The definition, from the shapes: `[T, …]`, `[T, H, d]` or `[H, T, T]`; behind the last block is row 4 only.
    private static boolean touched(HookPoint point, Spec s, Where at, int i) {
        int position, head = 0;
        switch (point.kind()) {
            case PATTERN, SCORES -> {
                position = i / T % T;
                head = i / T / T;
                if (!point.sees(position, i % T)) return false;
            }
            case HEADS, KEY_HEADS -> {
                position = i / s.headWidth() / point.heads(s);
                head = i / s.headWidth() % point.heads(s);
            }
            case FINAL, LOGITS -> position = 4;
            default            -> position = i / point.shape(s, T)[1];
        }
        return (at.positions().isEmpty() || at.positions().contains(position))
            && (at.heads().isEmpty() || at.heads().contains(head));
    }

    /// Over positions: queries of a pattern, rows of anything else.
    private static double mean(HookPoint point, Spec s, double[] v, int i) {
        var sum = 0.0;
        if (point.kind().pattern()) {
            for (int t = 0; t < T; t++) sum += v[(i / T / T * T + t) * T + i % T];
            return sum / T;
        }
        var width = v.length / (point.kind().asked() ? 1 : T);
        for (int j = i % width; j < v.length; j += width) sum += v[j];
        return sum / (v.length / width);
    }

    @Test
    void editsAreMadeInOrder() {
        try (var model = Tiny.gpt2().open(dir, Device.SCALAR.kernels())) {
            var at = Where.all("blocks.0.hook_mlp_out");
            var three = Tensor.of(DoubleStream.generate(() -> 3).limit(T * 8).toArray(), T, 8);
            var out = edited(model, at.hook(), new Edit.Zero(at), new Edit.Add(at, three), new Edit.Scale(at, 2));
            for (double y : out) assertEquals(6, y);
        }
    }

    @Test
    void everySequenceOfABatchIsEditedAlike() {
        try (var model = Tiny.llama().open(dir, Device.SCALAR.kernels())) {
            var edit = new Edit.Zero(new Where("blocks.1.attn.hook_z", List.of(2, 4), List.of(3)));
            try (var single = model.run(Pass.of(IDS).edits(List.of(edit)))) {
                var e = single.embeddings().tensor().toDoubles();
                var twice = Tensor.of(DoubleStream.concat(Arrays.stream(e), Arrays.stream(e)).toArray(), 2 * T, 12);
                try (var both = model.run(Pass.of(IDS).edits(List.of(edit)).embeddings(twice, 2))) {
                    assertArrayEquals(single.logits(0, 4), both.logits(0, 4), 1e-14);
                    assertArrayEquals(single.logits(0, 4), both.logits(1, 4), 1e-14);
                }
            }
        }
    }

    @Test
    void anEditThatFitsNothingIsRefused() {
        try (var model = Tiny.llama().open(dir, Device.SCALAR.kernels())) {
            var z = "blocks.0.attn.hook_z";
            assertEquals("edit of blocks.0.attn.hook_z: position 5 is outside the input of 5 tokens",
                refused(model, new Edit.Zero(new Where(z, List.of(1, 5), List.of()))));
            assertEquals("edit of blocks.0.attn.hook_z: position -1 is outside the input of 5 tokens",
                refused(model, new Edit.Zero(new Where(z, List.of(-1), List.of()))));
            assertEquals("edit of blocks.0.attn.hook_z: head 4 is outside its 4 heads",
                refused(model, new Edit.Zero(new Where(z, List.of(), List.of(4)))));
            assertEquals("edit of blocks.0.attn.hook_k: head 2 is outside its 2 heads",
                refused(model, new Edit.Zero(new Where("blocks.0.attn.hook_k", List.of(), List.of(2)))));
            assertEquals("edit of blocks.0.hook_mlp_out: it has no heads; leave the heads out",
                refused(model, new Edit.Zero(new Where("blocks.0.hook_mlp_out", List.of(), List.of(0)))));
            assertEquals("edit of blocks.0.attn.hook_z: it holds [5, 4, 4] [T, H, d], the value given is [4, 16]",
                refused(model, new Edit.Patch(Where.all(z), Tensor.of(new double[64], 4, 16))));
            assertEquals("this model has no hook point 'blocks.7.hook_mlp_out'; list them with: clew inspect --hooks",
                refused(model, new Edit.Zero(Where.all("blocks.7.hook_mlp_out"))));
        }
    }

    private static double[] edited(LanguageModel model, String hook, Edit... edits) {
        try (var run = model.run(Pass.of(IDS).hooks(hook).edits(List.of(edits)))) {
            return run.value(hook).tensor().toDoubles();
        }
    }

    private static String refused(LanguageModel model, Edit edit) {
        return assertThrows(ModelException.class, () -> model.run(Pass.of(IDS).edits(List.of(edit)))).getMessage();
    }
}
