package clew.attribution.render;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Shapes on white paper, in units of a pixel; what draws them decides what file they end in.
///
/// @param made   what the picture was made with, which a reader does not see; or empty
/// @param shapes in the order in which they are painted
public record Picture(String title, String made, double width, double height, List<Shape> shapes) {
    /// Most pixels to a side that a picture may have: a prompt of thousands of tokens has no token × token matrix.
    public static final int LARGEST = 12_000;

    public Picture {
        shapes = List.copyOf(shapes);
        if (width > LARGEST || height > LARGEST)
            throw new IllegalArgumentException("the picture would be " + Math.round(width) + " × " + Math.round(height)
                + " pixels, more than " + LARGEST + " to a side; explain a shorter prompt, or take --format html");
    }

    /// What a picture consists of.
    public sealed interface Shape {}

    /// A filled rectangle; `about` is what a reader is told under the pointer, or empty.
    public record Box(double x, double y, double width, double height, Rgb fill, String about) implements Shape {}

    /// Straight lines from point to point, x and y in turn.
    public record Line(List<Double> points, double thickness, Rgb colour) implements Shape {}

    /// What straight lines from point to point, x and y in turn, enclose; `about` as of a box.
    public record Area(List<Double> points, Rgb fill, String about) implements Shape {}

    /// One line of text on its baseline at (x, y); `angle` in degrees turns it about that point.
    public record Words(double x, double y, double size, String text, Style style, double angle) implements Shape {}

    /// How words are set.
    public record Style(Rgb colour, Anchor anchor, Face face) {}

    /// Which point of the words stands at x.
    public enum Anchor { START, MIDDLE, END }

    /// All of one width, or those of a page.
    public enum Face { MONO, SANS, BOLD }

    /// What is being drawn.
    static final class Pen {
        static final Rgb INK = new Rgb(20, 23, 28), SOFT = new Rgb(84, 92, 104), LINE = new Rgb(223, 227, 232);

        private final List<Shape> shapes = new ArrayList<>();

        Pen box(double x, double y, double width, double height, Rgb fill, String about) {
            shapes.add(new Box(x, y, width, height, fill, about));
            return this;
        }

        Pen line(double thickness, Rgb colour, double... points) {
            shapes.add(new Line(Arrays.stream(points).boxed().toList(), thickness, colour));
            return this;
        }

        Pen area(Rgb fill, String about, double... points) {
            shapes.add(new Area(Arrays.stream(points).boxed().toList(), fill, about));
            return this;
        }

        Pen words(double x, double y, double size, String text, Rgb colour, Anchor anchor, Face face) {
            shapes.add(new Words(x, y, size, text, new Style(colour, anchor, face), 0));
            return this;
        }

        Pen slanted(double x, double y, double size, String text, double angle) {
            shapes.add(new Words(x, y, size, text, new Style(INK, Anchor.START, Face.MONO), angle));
            return this;
        }

        /// The colours from −scale to +scale with their numbers, `width` wide.
        Pen legend(double x, double y, double width, double scale, String what) {
            int steps = 60;
            for (int i = 0; i < steps; i++)
                box(x + width * i / steps, y, width / steps + 0.5, 12, Palette.LIGHT.at(2.0 * i / (steps - 1) - 1), "");
            var number = Digits.of(scale, 4);
            words(x, y + 27, 12, "−" + number, SOFT, Anchor.START, Face.MONO);
            words(x + width / 2, y + 27, 12, "0", SOFT, Anchor.MIDDLE, Face.MONO);
            words(x + width, y + 27, 12, "+" + number, SOFT, Anchor.END, Face.MONO);
            return words(x + width + 14, y + 11, 12, what, SOFT, Anchor.START, Face.SANS);
        }

        Picture picture(String title, double width, double height) {
            return new Picture(title, "", width, height, shapes);
        }
    }

    /// The same, made with this.
    public Picture madeWith(String line) {
        return new Picture(title, line, width, height, shapes);
    }

    /// As SVG that needs nothing else; every text is escaped.
    public String svg() {
        var size = "width=\"" + n(width) + "\" height=\"" + n(height) + "\"";
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" " + size + " viewBox=\"0 0 " + n(width) + " " + n(height)
            + "\" role=\"img\">\n<title>" + escape(title) + "</title>\n"
            + (made.isEmpty() ? "" : "<metadata>" + escape(made) + "</metadata>\n")
            + "<rect " + size + " fill=\"#ffffff\"/>\n"
            + shapes.stream().map(Picture::svg).collect(Collectors.joining()) + "</svg>\n";
    }

    private static String svg(Shape shape) {
        return switch (shape) {
            case Box b   -> "<rect x=\"" + n(b.x) + "\" y=\"" + n(b.y) + "\" width=\"" + n(b.width) + "\" height=\""
                + n(b.height) + "\" fill=\"" + b.fill.hex() + "\"" + (b.about.isEmpty() ? "/>\n"
                    : "><title>" + escape(b.about) + "</title></rect>\n");
            case Line l  -> "<polyline fill=\"none\" stroke=\"" + l.colour.hex() + "\" stroke-width=\"" + n(l.thickness)
                + "\" points=\"" + points(l.points) + "\"/>\n";
            case Area a  -> "<polygon fill=\"" + a.fill.hex() + "\" points=\"" + points(a.points) + "\"><title>"
                + escape(a.about) + "</title></polygon>\n";
            case Words w -> "<text x=\"" + n(w.x) + "\" y=\"" + n(w.y) + "\" font-size=\"" + n(w.size)
                + "\" xml:space=\"preserve\" fill=\"" + w.style.colour.hex() + "\" font-family=\""
                + family(w.style.face) + "\"" + (w.style.face == Face.BOLD ? " font-weight=\"600\"" : "")
                + anchor(w.style.anchor)
                + (w.angle == 0 ? "" : " transform=\"rotate(" + n(w.angle) + " " + n(w.x) + " " + n(w.y) + ")\"")
                + ">" + escape(w.text) + "</text>\n";
        };
    }

    private static String points(List<Double> points) {
        return IntStream.range(0, points.size() / 2)
            .mapToObj(i -> n(points.get(2 * i)) + "," + n(points.get(2 * i + 1))).collect(Collectors.joining(" "));
    }

    private static String family(Face face) {
        return face == Face.MONO
            ? "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', 'Noto Sans Mono CJK SC', monospace"
            : "system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', 'Noto Sans CJK SC', sans-serif";
    }

    private static String anchor(Anchor anchor) {
        return anchor == Anchor.START ? "" : " text-anchor=\"" + anchor.name().toLowerCase(Locale.ROOT) + "\"";
    }

    /// XML has no characters below the space but tab and line ends, and none for half a surrogate pair.
    private static String escape(String text) {
        return Html.escape(Visible.of(text));
    }

    private static String n(double v) {
        var text = String.format(Locale.ROOT, "%.2f", v);
        return text.replaceFirst("\\.?0+$", "");
    }
}
