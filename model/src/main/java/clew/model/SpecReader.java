package clew.model;

import clew.weights.Config;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;

/// Reads the numbers of a model from config.json, in either dialect, before any weight is seen.
final class SpecReader {
    /// Outputs of q far beyond any real model: what config.json claims is believed only so far before weights are seen.
    private static final int WIDEST = 1 << 22;
    private static final String FULL = "full_attention", SLIDING = "sliding_attention";
    private static final int MOST_LABELS = 1 << 20;

    private SpecReader() {}

    /// What Hugging Face's class of a family takes where the file does not have the key: left out, a key does not mean
    /// the same everywhere.
    ///
    /// @param keyHeads  0 for as many as heads
    /// @param headWidth 0 for the width shared out among the heads
    /// @param head      where the logits come from
    record Unsaid(int keyHeads, int headWidth, Spec.Head head) {
        static final Unsaid LLAMA = new Unsaid(0, 0, new Spec.Head.Own());
        static final Unsaid MISTRAL = new Unsaid(8, 0, new Spec.Head.Own());
        static final Unsaid QWEN2 = new Unsaid(32, 0, new Spec.Head.Own());
        static final Unsaid QWEN3 = new Unsaid(32, 128, new Spec.Head.Own());
        static final Unsaid GEMMA = new Unsaid(4, 256, new Spec.Head.Tied());
        static final Unsaid GPT2 = new Unsaid(0, 0, new Spec.Head.Tied());
    }

    /// The width of a head.
    static int headWidth(Config c, Unsaid unsaid) {
        int D = c.requireInt("hidden_size"), H = c.requireInt("num_attention_heads");
        var shared = c.says("head_dim") || unsaid.headWidth == 0;
        if (!c.has("head_dim") && shared && D % H != 0)
            throw c.fault("num_attention_heads", "does not divide hidden_size " + D);
        var d = c.optInt("head_dim").orElse(shared ? D / H : unsaid.headWidth);
        if (d % 2 != 0) throw c.fault("head_dim", "is odd; rotary positions need an even width");
        if ((long) H * d > WIDEST) throw c.fault("head_dim", "makes " + H + " heads wider than any matrix");
        return d;
    }

    /// The numbers of a family with rotary positions.
    static Spec rotary(String family, Config c, int headWidth, Rope rope, Unsaid unsaid) {
        var H = c.requireInt("num_attention_heads");
        var K = c.optInt("num_key_value_heads")
            .orElse(c.says("num_key_value_heads") || unsaid.keyHeads == 0 ? H : unsaid.keyHeads);
        if (H % K != 0) throw c.fault("num_key_value_heads", "does not divide num_attention_heads " + H);
        return new Spec(family, c.requireInt("num_hidden_layers"), c.requireInt("hidden_size"), H, K, headWidth,
            c.requireInt("intermediate_size"), c.requireInt("vocab_size"), rope.positions(), head(c, unsaid),
            rope);
    }

    /// A window that is not empty is passed over in families without windows, as the peer's classes do; of an empty one
    /// the peer's cache makes nonsense.
    static void requireNoWindow(Config c) {
        c.optInt("sliding_window");
    }

    static Spec.Head head(Config c, Unsaid unsaid) {
        if (c.strings("architectures").stream().anyMatch(a -> a.endsWith("ForSequenceClassification")))
            return new Spec.Head.Classes(labels(c));
        if (!c.has("tie_word_embeddings")) return unsaid.head;
        return c.flag("tie_word_embeddings", false) ? new Spec.Head.Tied() : new Spec.Head.Own();
    }

    /// The names of the classes; two without a name if the file says nothing, as Hugging Face has it.
    private static List<String> labels(Config c) {
        var names = c.child("id2label");
        var count = names.map(n -> n.json().size()).orElse(c.optInt("num_labels").orElse(2));
        if (count < 1 || count > MOST_LABELS) throw c.fault("id2label", "names " + count + " classes");
        var labels = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            var at = String.valueOf(i);
            labels.add(names.map(n -> n.requireString(at)).orElse("LABEL_" + i));
        }
        return labels;
    }

    /// How many keys the queries of each layer look back on: `sliding_window` in layers called `sliding_attention`, in
    /// others the greatest int, which no window is.
    ///
    /// @param sliding whether a layer slides where the file does not name its layers' types
    static IntUnaryOperator windows(Config c, int layers, IntPredicate sliding) {
        var types = c.strings("layer_types");
        if (c.has("layer_types") && types.size() != layers)
            throw c.fault("layer_types", "names " + types.size() + " layers of " + layers);
        for (var type : types)
            if (!type.equals(FULL) && !type.equals(SLIDING))
                throw c.fault("layer_types", "has a layer of type " + Reading.shown(type)
                    + ", which is not supported; supported are " + FULL + " and " + SLIDING);
        return l -> (types.isEmpty() ? sliding.test(l) : types.get(l).equals(SLIDING))
            ? Math.min(c.requireInt("sliding_window"), Integer.MAX_VALUE - 1) : Integer.MAX_VALUE;
    }
}
