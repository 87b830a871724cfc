package clew.app;

import clew.attribution.Attribution;
import clew.attribution.render.Colours;
import clew.attribution.render.CsvFormat;
import clew.attribution.render.HtmlFormat;
import clew.attribution.render.JsonFormat;
import clew.attribution.render.Picture;
import clew.attribution.render.Pictures;
import clew.attribution.render.RegionsCsv;
import clew.attribution.render.Renderer;
import clew.attribution.render.SafeTensorsFormat;
import clew.attribution.render.SafeTensorsFormat.Features;
import clew.attribution.render.TextFormat;
import clew.engine.tensor.DType;
import clew.model.template.Role;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The answers to a request in the form asked for. Features are in them only if they were asked for.
///
/// @param view what a picture shows
record Rendering(Format format, Output output, PictureOptions picture, View view) {
    /// What a picture of one explanation shows.
    enum View {
        HEATMAP, BARS, MATRIX;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final int WIDTH = 100;

    /// @throws UsageException if the form cannot hold the request's answers
    static Rendering of(Format format, ExplainRequest request, Output output, PictureOptions picture, View view) {
        var several = request.methods().size() > 1;
        switch (format) {
            case TEXT, JSON -> {}
            case HTML, CSV, SAFETENSORS, SVG, PNG, MARKDOWN -> {
                if (several) throw new UsageException("--format " + format.label() + " holds one method; name one with"
                    + " --method, or take --format json");
            }
        }
        if (format == Format.SAFETENSORS) output.regular("--format safetensors");
        if (format == Format.PNG) output.regular("--format png");
        return new Rendering(format, output, picture, view);
    }

    /// @param dtype what the device computed in
    void write(List<Explainer.Answer> answers, DType dtype) {
        switch (format) {
            case TEXT        -> output.write(text(answers));
            case JSON        -> output.write(lines(answers, null));
            case HTML        -> output.write(bytes(new HtmlFormat(picture.scale()), answers.getFirst().legible()));
            case CSV         -> output.write(bytes(answers.getFirst().attribution().regions() == null ? new CsvFormat()
                : new RegionsCsv(), answers.getFirst().attribution()));
            case SVG, PNG    -> picture.write(drawing(answers.getFirst().legible()), format, output);
            case MARKDOWN    -> throw new AssertionError("explain has no Markdown");
            case SAFETENSORS -> new SafeTensorsFormat(dtype, Features.KEPT)
                .write(answers.getFirst().attribution(), output.regular("--format safetensors"));
        }
    }

    private Picture drawing(Attribution a) {
        if (a.sequence() == null && a.targets().size() > 1 && view != View.MATRIX)
            throw new UsageException("--format " + format.label() + " draws one target, and there are "
                + a.targets().size() + "; ask for one, or take --picture matrix");
        var pictures = new Pictures(picture.scale());
        return UsageException.unless(() -> switch (view) {
            case HEATMAP -> pictures.heatmap(a.summed(), 0);
            case BARS    -> pictures.bars(a.summed(), 0);
            case MATRIX  -> pictures.matrix(a);
        });
    }

    /// One JSON object per answer, each on a line.
    static byte[] lines(List<Explainer.Answer> answers, @Nullable String name) {
        var out = new ByteArrayOutputStream();
        for (var answer : answers) {
            var particulars = new JsonFormat.Particulars(name, answer.peakBytes());
            out.writeBytes(bytes(new JsonFormat(JsonFormat.Layout.LINE, particulars, Features.KEPT),
                answer.attribution()));
        }
        return out.toByteArray();
    }

    private byte[] text(List<Explainer.Answer> answers) {
        var roles = answers.getFirst().roles().stream().map(Role::label).toList();
        var renderer = new TextFormat(colours(output), width(output), roles,
            picture.scale());
        var out = new ByteArrayOutputStream();
        for (var answer : answers) {
            if (out.size() > 0) out.write('\n');
            out.writeBytes(bytes(renderer, answer.legible()));
        }
        return out.toByteArray();
    }

    static Colours colours(Output output) {
        return output.forEyes() ? Colours.of(output.io().env()) : Colours.NONE;
    }

    static int width(Output output) {
        var columns = output.io().env().getOrDefault("COLUMNS", "");
        return columns.matches("\\d{2,4}") ? Math.max(20, Integer.parseInt(columns)) : WIDTH;
    }

    private static byte[] bytes(Renderer renderer, Attribution a) {
        var out = new ByteArrayOutputStream();
        try {
            renderer.write(a, out);
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be written", e);
        }
        return out.toByteArray();
    }
}
