package clew.attribution.render;

import clew.attribution.Attribution;
import clew.model.token.Token;
import java.util.List;

/// The prompt on coloured backgrounds, broken into lines between words, or after a line feed of its own.
///
/// Without the colours, the indents and the breaks, what is left is the visible prompt.
final class TextHeatmap {
    private static final String INDENT = "  ";

    private final Colours colours;
    private final int width;
    private final StringBuilder out = new StringBuilder(INDENT);
    private int column = 0;

    private TextHeatmap(Colours colours, int width) {
        this.colours = colours;
        this.width = Math.max(2, width - INDENT.length());
    }

    /// The lines, each with its end.
    static String of(Attribution a, double[] scores, Scale by, Colours colours, int width) {
        var map = new TextHeatmap(colours, width);
        var scale = by.of(a, scores);
        for (int t = 0; t < scores.length; t++) {
            if (t == 0 || startsWord(a.tokens().get(t))) map.makeRoom(a.tokens(), t);
            map.token(a.tokens().get(t), Palette.share(scores[t], scale));
        }
        return map.out.append('\n').toString();
    }

    private static boolean startsWord(Token token) {
        var c = token.text().isEmpty() ? ' ' : token.text().codePointAt(0);
        return token.special() || token.start() < 0 || Character.isWhitespace(c) || Character.isIdeographic(c);
    }

    /// Breaks the line if the word that starts here fits into the next one only.
    private void makeRoom(List<Token> tokens, int first) {
        var columns = columns(tokens.get(first));
        for (int t = first + 1; t < tokens.size() && !startsWord(tokens.get(t)); t++) columns += columns(tokens.get(t));
        if (column > 0 && column + columns > width && columns <= width) newLine();
    }

    private static int columns(Token token) {
        return Columns.of(shown(token));
    }

    /// Ids without a tokenizer are numbers and need a space between them.
    private static String shown(Token token) {
        return Visible.of(token.text()) + (token.start() < 0 ? " " : "");
    }

    private void token(Token token, double share) {
        var piece = new StringBuilder();
        for (var cluster : Columns.clusters(shown(token))) {
            var columns = Columns.cluster(cluster);
            if (column + columns > width) {
                paint(piece, token, share);
                newLine();
            }
            piece.append(cluster);
            column += columns;
            if (cluster.equals("↵") && token.text().indexOf('\n') >= 0) {
                paint(piece, token, share);
                newLine();
            }
        }
        paint(piece, token, share);
    }

    private void paint(StringBuilder piece, Token token, double share) {
        if (piece.isEmpty()) return;
        var text = token.special() ? colours.slanted(piece.toString()) : piece.toString();
        out.append(Double.isNaN(share) ? text : colours.paint(text, share));
        piece.setLength(0);
    }

    private void newLine() {
        out.append('\n').append(INDENT);
        column = 0;
    }
}
