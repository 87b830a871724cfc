package clew.app;

import clew.attribution.render.Picture;
import clew.attribution.render.Picture.Area;
import clew.attribution.render.Picture.Box;
import clew.attribution.render.Picture.Line;
import clew.attribution.render.Picture.Words;
import clew.attribution.render.Rgb;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.font.TextLayout;
import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;

/// A picture as PNG, two pixels to a unit, drawn without a screen; what it was made with is its `Description`.
///
/// Nothing but `--format png` loads java.desktop's classes. Letters come from the system's fonts: where they have no
/// Chinese or no emoji, boxes stand for them, which SVG leaves to its reader.
final class Png {
    private static final int PIXELS = 2;
    /// The signature and the first chunk, `IHDR`.
    private static final int HEADER = 8 + 25;

    private Png() {}

    static byte[] of(Picture picture) {
        System.setProperty("java.awt.headless", "true");
        var scale = PIXELS * Math.max(picture.width(), picture.height()) > Picture.LARGEST ? 1 : PIXELS;
        var image = new BufferedImage((int) Math.ceil(scale * picture.width()),
            (int) Math.ceil(scale * picture.height()), BufferedImage.TYPE_INT_RGB);
        var g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, image.getWidth(), image.getHeight());
        g.scale(scale, scale);
        for (var shape : picture.shapes())
            switch (shape) {
                case Box b   -> {
                    g.setColor(colour(b.fill()));
                    g.fill(new Rectangle2D.Double(b.x(), b.y(), b.width(), b.height()));
                }
                case Line l  -> line(g, l);
                case Area a  -> {
                    g.setColor(colour(a.fill()));
                    g.fill(path(a.points()));
                }
                case Words w -> words(g, w);
            }
        g.dispose();
        var out = new ByteArrayOutputStream();
        try {
            ImageIO.setUseCache(false);
            if (!ImageIO.write(image, "png", out)) throw new IOException("this Java writes no PNG");
        } catch (IOException e) {
            throw new UncheckedIOException("the picture cannot be written as PNG (" + e.getMessage()
                + "); take --format svg", e);
        }
        return picture.made().isEmpty() ? out.toByteArray() : described(out.toByteArray(), picture.made());
    }

    /// With a text in UTF-8 behind the header: an `iTXt` chunk is its length, its type, a keyword, text that is not
    /// compressed and in no language, and the CRC of all but the length (PNG 1.2, 4.2.3).
    private static byte[] described(byte[] png, String text) {
        var chunk = ("iTXtDescription" + "\0".repeat(5) + text).getBytes(StandardCharsets.UTF_8);
        var crc = new CRC32();
        crc.update(chunk);
        return ByteBuffer.allocate(png.length + chunk.length + 2 * Integer.BYTES).put(png, 0, HEADER)
            .putInt(chunk.length - Integer.BYTES).put(chunk).putInt((int) crc.getValue())
            .put(png, HEADER, png.length - HEADER).array();
    }

    private static void line(Graphics2D g, Line l) {
        g.setColor(colour(l.colour()));
        g.setStroke(new BasicStroke((float) l.thickness(), BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND));
        g.draw(path(l.points()));
    }

    private static Path2D path(List<Double> points) {
        var path = new Path2D.Double();
        path.moveTo(points.get(0), points.get(1));
        for (int i = 2; i < points.size(); i += 2) path.lineTo(points.get(i), points.get(i + 1));
        return path;
    }

    private static void words(Graphics2D g, Words w) {
        if (w.text().isEmpty()) return;
        g.setColor(colour(w.style().colour()));
        var font = new Font(w.style().face() == Picture.Face.MONO ? Font.MONOSPACED : Font.SANS_SERIF,
            w.style().face() == Picture.Face.BOLD ? Font.BOLD : Font.PLAIN, 1).deriveFont((float) w.size());
        var layout = new TextLayout(w.text(), font, g.getFontRenderContext());
        var shift = switch (w.style().anchor()) {
            case START  -> 0;
            case MIDDLE -> layout.getAdvance() / 2;
            case END    -> layout.getAdvance();
        };
        var before = g.getTransform();
        g.transform(AffineTransform.getRotateInstance(Math.toRadians(w.angle()), w.x(), w.y()));
        layout.draw(g, (float) (w.x() - shift), (float) w.y());
        g.setTransform(before);
    }

    private static Color colour(Rgb c) {
        return new Color(c.red(), c.green(), c.blue());
    }
}
