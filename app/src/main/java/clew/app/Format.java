package clew.app;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The forms of a result.
enum Format {
    TEXT, JSON, HTML, MARKDOWN, CSV, SAFETENSORS, SVG, PNG;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The format asked for, among those that the verb has; the first of them by default.
    static Format of(@Nullable String label, Format... known) {
        return label == null ? known[0] : Given.named("--format", label, Arrays.asList(known), Format::label);
    }

    static List<String> labels(Format... known) {
        return Arrays.stream(known).map(Format::label).toList();
    }
}
