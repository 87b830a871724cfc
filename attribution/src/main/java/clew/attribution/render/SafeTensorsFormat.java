package clew.attribution.render;

import clew.attribution.Attribution;
import clew.engine.tensor.DType;
import clew.engine.tensor.Tensor;
import clew.model.token.Token;
import clew.weights.SafeTensorsWriter;
import clew.weights.Tensors;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// `scores` `[targets, T]`, `features` `[targets, T, D]`, `map` `[T, T]` (rows are queries) and `ids` `[T]` (I64); of a
/// continuation `sequence` `[T]`, `continuation` `[targets, N]` (what its own tokens have) and `continuation_ids`
/// `[N]`.
///
/// @param dtype    of everything but the ids: F64 keeps what the scalar device computed, F32 all that SIMD has
/// @param features whether features are written where the method has them
public record SafeTensorsFormat(DType dtype, Features features) implements Renderer {
    /// The array of all features is T·D numbers a target: large, and rarely wanted.
    public enum Features { LEFT_OUT, KEPT }

    public SafeTensorsFormat {
        if (!dtype.isFloat())
            throw new IllegalArgumentException("scores are written as F64, F32, F16 or BF16, not " + dtype);
    }

    /// By way of a temporary file, since the format wants its sizes first.
    @Override
    public void write(Attribution a, OutputStream out) throws IOException {
        var folder = Files.createTempDirectory("clew");
        var file = folder.resolve("scores.safetensors");
        try {
            write(a, file);
            Files.copy(file, out);
        } finally {
            Files.deleteIfExists(file);
            Files.delete(folder);
        }
    }

    /// Straight to its file, whole or not at all.
    ///
    /// @throws clew.weights.WeightsException if the file cannot be written
    public void write(Attribution a, Path file) {
        SafeTensorsWriter.write(file, tensors(a), metadata(a));
    }

    /// What the scores were made with: names in the file's header, `parameters.rules` and the like for the method's.
    private static Map<String, String> metadata(Attribution a) {
        var out = new LinkedHashMap<>(Map.of("schema", JsonFormat.SCHEMA, "method", a.method().name(), "fingerprint",
            a.model().fingerprint()));
        a.method().parameters().forEach((name, value) -> out.put("parameters." + name, String.valueOf(value)));
        var from = a.model().provenance();
        if (from != null) out.putAll(from.entries());
        return out;
    }

    private Map<String, Tensor> tensors(Attribution a) {
        int K = a.targets().size(), T = a.tokens().size();
        var out = new LinkedHashMap<String, Tensor>();
        out.put("scores", tensor(concat(a.scores()), K, T));
        var all = a.features();
        if (features == Features.KEPT && all != null) out.put("features", tensor(concat(all), K, T, all[0].length / T));
        var s = a.sequence();
        if (s != null) {
            out.put("sequence", tensor(s.scores(), T));
            out.put("continuation", tensor(concat(square(s)), K, s.tokens().size()));
            out.put("continuation_ids", Tensors.ofLongs(s.tokens().stream().mapToLong(Token::id).toArray()));
        }
        var map = a.map();
        if (map != null) out.put("map", tensor(map, T, T));
        out.put("ids", Tensors.ofLongs(a.tokens().stream().mapToLong(Token::id).toArray()));
        return out;
    }

    /// Zeros behind what each row saw.
    private static double[][] square(Attribution.Sequence s) {
        return Arrays.stream(s.earlier()).map(row -> Arrays.copyOf(row, s.tokens().size())).toArray(double[][]::new);
    }

    private Tensor tensor(double[] values, int... dims) {
        var wide = Tensor.of(values, dims);
        return dtype == DType.F64 ? wide : Tensors.as(wide, dtype);
    }

    private static double[] concat(double[][] rows) {
        return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
    }
}
