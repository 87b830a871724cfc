package clew.attribution.render;

import clew.attribution.Attribution;
import clew.attribution.Regions;

/// `first–last text score` — one line per window of an occlusion.
///
/// @param columns of the whole table
record TextRegions(Attribution a, Regions regions, int columns) {
    private static final int WIDEST = 40, NUMBER = 12;

    /// The lines for a target, each with its end.
    String text(int target) {
        var tokens = regions.spans().stream().map(s -> s[0] + "–" + (s[1] - 1)).toList();
        var texts = regions.spans().stream().map(s -> Visible.alone(Wording.text(a, s))).toList();
        var token = tokens.stream().mapToInt(String::length).max().orElse(1);
        var text = Math.clamp(columns - 2 - token - 2 - 2 - NUMBER, 1,
            Math.clamp(texts.stream().mapToInt(Columns::of).max().orElse(1), 1, WIDEST));
        var out = new StringBuilder("\nf(x) − f(x without these tokens)\n");
        for (int w = 0; w < tokens.size(); w++) {
            var score = Digits.of(regions.scores()[target][w], 4);
            out.append("  ").append(Columns.fit(tokens.get(w), token)).append("  ")
                .append(Columns.fit(texts.get(w), text)).append("  ").append(score.startsWith("-") ? "" : " ")
                .append(score).append('\n');
        }
        return out.toString();
    }
}
