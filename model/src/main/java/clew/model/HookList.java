package clew.model;

import clew.model.HookPoint.Kind;
import java.util.ArrayList;
import java.util.List;

/// The hook points of a family, in the order in which a pass meets them.
final class HookList {
    private final List<HookPoint> points = new ArrayList<>();
    private String prefix = "";

    HookList add(Kind kind, String... names) {
        for (var name : names) points.add(new HookPoint(prefix + name, kind));
        return this;
    }

    /// Everything inside an attention with rotary positions.
    HookList rotary(Attention attention) {
        add(Kind.HEADS, "attn.hook_q").add(Kind.KEY_HEADS, "attn.hook_k", "attn.hook_v");
        add(Kind.HEADS, "attn.hook_rot_q").add(Kind.KEY_HEADS, "attn.hook_rot_k");
        return patterns(attention.attending());
    }

    /// Scores, pattern and mixed values of an attention.
    HookList patterns(Attending how) {
        points.add(new HookPoint(prefix + "attn.hook_attn_scores", Kind.SCORES, how.window()));
        points.add(new HookPoint(prefix + "attn.hook_pattern", Kind.PATTERN, how.window()));
        return add(Kind.HEADS, "attn.hook_z");
    }

    /// What follows lies in block `l`.
    HookList block(int l) {
        prefix = "blocks." + l + ".";
        return this;
    }

    /// What follows lies behind the blocks.
    HookList behind() {
        prefix = "";
        return this;
    }

    List<HookPoint> list() {
        return List.copyOf(points);
    }
}
