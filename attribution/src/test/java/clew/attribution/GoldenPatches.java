package clew.attribution;

import clew.attribution.GoldenTable.Computed;
import clew.attribution.GoldenTable.Row;
import clew.model.Edit;
import clew.model.Edit.Where;
import clew.model.Pass;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Interventions of the goldens: values of s1 (clean) put into a run of c1 (corrupt), heads of s1 set to zero.
///
/// All are logits of s1's first target at the last row, and measured against the largest logit there.
final class GoldenPatches {
    /// One edit per position, per head, or per position and head.
    private enum Grid { POSITIONS, HEADS, POSITIONS_HEADS }

    private GoldenPatches() {}

    static List<Row> rows() {
        var rows = new ArrayList<Row>();
        logit(rows, "patch/clean_logit",    m -> new double[] {unedited(m, "s1")[m.golden.target("s1", "t0")]});
        logit(rows, "patch/corrupt_logit",  m -> new double[] {unedited(m, "c1")[m.golden.target("s1", "t0")]});
        logit(rows, "patch/clean_logits_last",   m -> unedited(m, "s1"));
        logit(rows, "patch/corrupt_logits_last", m -> unedited(m, "c1"));
        patch(rows, "patch/resid_pre(_logit)?", "hook_resid_pre", Grid.POSITIONS);
        patch(rows, "patch/resid_mid",          "hook_resid_mid", Grid.POSITIONS);
        patch(rows, "patch/attn_out(_logit)?",  "hook_attn_out", Grid.POSITIONS);
        patch(rows, "patch/mlp_out(_logit)?",   "hook_mlp_out", Grid.POSITIONS);
        patch(rows, "patch/head_z_logit",       "attn.hook_z", Grid.HEADS);
        patch(rows, "patch/head_out_all_pos",   "attn.hook_z", Grid.HEADS);
        patch(rows, "patch/head_out_by_pos",    "attn.hook_z", Grid.POSITIONS_HEADS);
        patch(rows, "patch/head_q_all_pos",     "attn.hook_q", Grid.HEADS);
        patch(rows, "patch/head_k_all_pos",     "attn.hook_k", Grid.HEADS);
        patch(rows, "patch/head_v_all_pos",     "attn.hook_v", Grid.HEADS);
        patch(rows, "patch/head_pattern_all_pos", "attn.hook_pattern", Grid.HEADS);
        rows.add(new Row("patch/resid_pre_normalised", Kind.FORWARD,
            (m, _) -> new Computed(normalised(m), Double.NaN)));
        logit(rows, "head_zero_ablation_logit",
            m -> each(m, "attn.hook_z", Grid.HEADS, "s1", (_, at) -> new Edit.Zero(at)));
        return rows;
    }

    private interface Numbers {
        double[] of(Subject m);
    }

    private interface Made {
        Edit of(Subject m, Where at);
    }

    private static void logit(List<Row> rows, String name, Numbers how) {
        rows.add(new Row(name, Kind.FORWARD,
            (m, _) -> new Computed(how.of(m), GoldenTable.largest(m.lastLogits("s1")))));
    }

    private static void patch(List<Row> rows, String name, String hook, Grid grid) {
        logit(rows, name, m -> patched(m, hook, grid));
    }

    private static double[] patched(Subject m, String hook, Grid grid) {
        return each(m, hook, grid, "c1", (_, at) -> new Edit.Patch(at, m.run("s1").value(at.hook()).tensor()));
    }

    /// `(patched − corrupt) / (clean − corrupt)`.
    private static double[] normalised(Subject m) {
        var t = m.golden.target("s1", "t0");
        double clean = unedited(m, "s1")[t], corrupt = unedited(m, "c1")[t];
        return Arrays.stream(patched(m, "hook_resid_pre", Grid.POSITIONS))
            .map(v -> (v - corrupt) / (clean - corrupt)).toArray();
    }

    /// The target's logit under one edit per layer and place.
    private static double[] each(Subject m, String hook, Grid grid, String sequence, Made made) {
        var logits = new ArrayList<Double>();
        for (int l = 0; l < m.model.spec().layers(); l++)
            for (var at : places(m, "blocks." + l + "." + hook, grid)) logits.add(edited(m, sequence, made.of(m, at)));
        return logits.stream().mapToDouble(v -> v).toArray();
    }

    private static List<Where> places(Subject m, String hook, Grid grid) {
        var s = m.model.spec();
        int T = m.golden.sequence("s1").length;
        int H = hook.endsWith("hook_k") || hook.endsWith("hook_v") ? s.kvHeads() : s.heads();
        var places = new ArrayList<Where>();
        switch (grid) {
            case POSITIONS -> { for (int t = 0; t < T; t++) places.add(new Where(hook, List.of(t), List.of())); }
            case HEADS     -> { for (int h = 0; h < H; h++) places.add(new Where(hook, List.of(), List.of(h))); }
            case POSITIONS_HEADS -> {
                for (int i = 0; i < T * H; i++) places.add(new Where(hook, List.of(i / H), List.of(i % H)));
            }
        }
        return places;
    }

    private static double edited(Subject m, String sequence, Edit edit) {
        var ids = m.golden.sequence(sequence);
        try (var run = m.model.run(Pass.of(ids).edits(List.of(edit)).forgetting())) {
            return run.logits(0, ids.length - 1)[m.golden.target("s1", "t0")];
        }
    }

    private static double[] unedited(Subject m, String sequence) {
        return m.lastLogits(sequence);
    }
}
