package clew.app;

import clew.attribution.render.Colours;
import clew.attribution.render.JsonFormat;
import clew.attribution.render.TextFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The answers to a request in the form asked for.
record Rendering(Format format, Output output) {
    private static final int WIDTH = 100;

    /// @throws UsageException if the form cannot hold the request's answers
    static Rendering of(Format format, ExplainRequest request, Output output) {
        return new Rendering(format, output);
    }

    void write(List<Explainer.Answer> answers) {
        output.write(switch (format) {
            case JSON -> lines(answers, null);
            default   -> text(answers);
        });
    }

    /// One JSON object per answer, each on a line.
    static byte[] lines(List<Explainer.Answer> answers, @Nullable String name) {
        var out = new ByteArrayOutputStream();
        for (var answer : answers) {
            var particulars = new JsonFormat.Particulars(name, answer.peakBytes());
            bytes(() -> JsonFormat.compact().with(particulars).write(answer.attribution(), out));
        }
        return out.toByteArray();
    }

    private byte[] text(List<Explainer.Answer> answers) {
        var colours = output.forEyes() ? Colours.of(output.io().env()) : Colours.NONE;
        var renderer = new TextFormat(colours, width());
        var out = new ByteArrayOutputStream();
        for (var answer : answers) {
            if (out.size() > 0) out.writeBytes(new byte[] {'\n'});
            bytes(() -> renderer.write(answer.attribution(), out));
        }
        return out.toByteArray();
    }

    private int width() {
        var columns = output.io().env().getOrDefault("COLUMNS", "");
        return columns.matches("\\d{2,4}") ? Math.max(20, Integer.parseInt(columns)) : WIDTH;
    }

    private interface Writing {
        void run() throws IOException;
    }

    /// Memory does not fail to be written to.
    private static void bytes(Writing writing) {
        try {
            writing.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
