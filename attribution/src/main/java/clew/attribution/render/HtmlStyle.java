package clew.attribution.render;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The page's style sheet: page.css, and the palettes as classes `n20 … n1, z, p1 … p20`.
final class HtmlStyle {
    /// Steps of colour to either side of neutral.
    static final int STEPS = 20;

    private HtmlStyle() {}

    static String sheet() {
        return page() + colours(Palette.LIGHT)
            + "@media (prefers-color-scheme: dark) {\n" + colours(Palette.DARK) + "}\n";
    }

    /// The class of a score that is `share` of the scale.
    static String step(double share) {
        if (!Double.isFinite(share)) return "nan";
        var step = (int) Math.round(Math.clamp(share, -1, 1) * STEPS);
        return step == 0 ? "z" : step < 0 ? "n" + -step : "p" + step;
    }

    private static String colours(Palette palette) {
        IntFunction<String> rule = s ->
            ".heat ." + step((double) s / STEPS) + "{background:" + palette.at((double) s / STEPS).hex() + "}\n";
        var stops = IntStream.rangeClosed(-4, 4).mapToObj(s -> palette.at(s / 4.0).hex());
        return IntStream.rangeClosed(-STEPS, STEPS).mapToObj(rule).collect(Collectors.joining())
            + ".legend i{background:linear-gradient(90deg," + stops.collect(Collectors.joining(",")) + ")}\n";
    }

    private static String page() {
        try (var in = HtmlStyle.class.getResourceAsStream("page.css")) {
            if (in == null) throw new IllegalStateException("this build of clew lacks page.css; build it again");
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
