package clew.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Every named place holds what its name and shape say.
final class HookPointTest {
    private static final int[] IDS = {3, 14, 15, 9, 2};

    @TempDir
    Path dir;

    private LanguageModel open(Tiny.Family family) {
        return family.make().open(dir, Device.SCALAR.kernels());
    }

    private static String[] all(LanguageModel model) {
        return model.family().hooks().stream().map(HookPoint::name).toArray(String[]::new);
    }

    @ParameterizedTest
    @EnumSource
    void everyHookPointIsPassedOnceAndHasItsShape(Tiny.Family family) {
        try (var model = open(family); var run = model.run(Pass.of(IDS).atAll().hooks(all(model)))) {
            var points = model.family().hooks();
            assertEquals(points, run.declared());
            assertEquals(points.size(), new HashSet<>(points).size());
            for (var point : points)
                assertArrayEquals(point.shape(model.spec(), IDS.length), run.export(point).shape().dims(), point::name);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatFollowsTheLastBlockHasTheRowsAskedFor(Tiny.Family family) {
        try (var model = open(family); var run = model.run(Pass.of(IDS).at(1, 4).hooks(all(model)))) {
            try (var every = model.run(Pass.of(IDS).atAll().hooks(all(model)))) {
                for (var point : run.declared()) {
                    double[] some = run.export(point).toDoubles(), full = every.export(point).toDoubles();
                    if (!point.kind().asked()) assertArrayEquals(full, some, point::name);
                    else for (int c = 0; c < some.length / 2; c++) {
                        assertEquals(full[some.length / 2 + c], some[c], 1e-14, point::name);
                        assertEquals(full[4 * some.length / 2 + c], some[some.length / 2 + c], 1e-14, point::name);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void queriesSeeNothingBehindThemNorOutsideTheirWindow(Tiny.Family family) {
        try (var model = open(family); var run = model.run(Pass.of(IDS).hooks("blocks.*.attn.*"))) {
            for (var point : run.declared()) {
                if (!point.kind().pattern()) continue;
                var x = run.export(point).toDoubles();                                       // [H, T, T]
                var hidden = point.kind() == HookPoint.Kind.SCORES ? Double.NEGATIVE_INFINITY : 0;
                for (int i = 0; i < x.length; i++)
                    if (i % 5 > i / 5 % 5 || i / 5 % 5 - i % 5 >= point.window())
                        assertEquals(hidden, x[i], point::name);
                if (point.kind() == HookPoint.Kind.PATTERN)
                    for (int row = 0; row < x.length; row += 5) {
                        var sum = 0.0;
                        for (int j = 0; j < 5; j++) sum += x[row + j];
                        assertEquals(1, sum, 1e-14);
                    }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theStreamIsTheSumOfItsParts(Tiny.Family family) {
        try (var model = open(family); var run = model.run(Pass.of(IDS).hooks(all(model)))) {
            for (int l = 0; l < model.spec().layers(); l++) {
                var at = "blocks." + l + ".hook_";
                var sum = value(run, at + "resid_pre");
                add(sum, value(run, at + "attn_out"));
                if (family != Tiny.Family.GPT_NEOX) assertArrayEquals(value(run, at + "resid_mid"), sum, 1e-14);
                add(sum, value(run, at + "mlp_out"));
                assertArrayEquals(value(run, at + "resid_post"), sum, 1e-14);
            }
            assertArrayEquals(value(run, "blocks.0.hook_resid_post"), value(run, "blocks.1.hook_resid_pre"));
        }
    }

    @Test
    void anUndeclaredHookAndAnUnknownOneAreSaid() {
        try (var model = open(Tiny.Family.LLAMA); var run = model.run(Pass.of(IDS).hooks("blocks.1.attn.hook_z"))) {
            assertEquals(List.of("blocks.1.attn.hook_z"), run.declared().stream().map(HookPoint::name).toList());
            assertEquals("hook 'blocks.0.attn.hook_z' was not declared: name it in the pass before the run",
                refused(() -> run.value("blocks.0.attn.hook_z")));
            for (var unknown : List.of("blocks.2.attn.hook_z", "a[", "(", "**.", "", "\\", "hook_pos_embed"))
                assertTrue(refused(() -> model.run(Pass.of(IDS).hooks(unknown)))
                    .startsWith("this model has no hook point '" + unknown + "'"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "blocks.1.attn.hook_z, blocks.1.attn.hook_z, true",  "blocks.1.attn.hook_z, blocks.*.attn.hook_z, true",
        "blocks.1.attn.hook_z, blocks.*.*.*, true",          "blocks.1.attn.hook_z, blocks.*.attn.*_z, true",
        "blocks.1.attn.hook_z, *.*.*.h*k_*, true",           "blocks.11.attn.hook_z, blocks.1*.attn.hook_z, true",
        "blocks.1.attn.hook_z, blocks.*, false",             "blocks.1.attn.hook_z, *, false",
        "blocks.1.attn.hook_z, blocks.*.hook_z, false",      "blocks.1.attn.hook_z, blocks.*.attn.hook_, false",
        "blocks.1.attn.hook_z, *blocks.1.attn.hook_z*, true", "blocks.1.attn.hook_z, b*s.1.a*n*.hook*z, true",
        "blocks.1.attn.hook_z, blocks.1.attn.hook_zz, false", "logits, l*o*s, true", "logits, logits.*, false",
        "aab, a*ab, true", "aab, *a*a*b*, true", "a.b, a*b, false", "ab.ab, *b.*b, true", "a.ab.b, a.*b.b, true"})
    void aStarStandsForAnythingButADot(String name, String pattern, boolean matches) {
        assertEquals(matches, new HookPoint(name, HookPoint.Kind.RESIDUAL).matches(pattern));
    }

    @Test
    void aHostilePatternTakesNoTime() {
        var point = new HookPoint("a".repeat(60) + "b", HookPoint.Kind.RESIDUAL);
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> point.matches("a*".repeat(5000) + "c"));
    }

    private static double[] value(Run run, String hook) {
        return run.value(hook).tensor().toDoubles();
    }

    private static void add(double[] to, double[] x) {
        for (int i = 0; i < to.length; i++) to[i] += x[i];
    }

    private static String refused(Runnable work) {
        return assertThrows(ModelException.class, work::run).getMessage();
    }
}
