package clew.attribution;

/// Scores, `[targets][features]`. Those that are linear in the values of a game are, where the removal draws, the mean
/// over its draws.
///
/// @param errors standard errors, none where nothing is drawn, or once
record Drawn(double[][] scores, double[][] errors) {
    /// A method, as far as a single game goes.
    interface Method {
        double[][] scores(PromptGame game);
    }

    static Drawn of(Games games, Method method) {
        var all = games.each().stream().map(method::scores).toList();
        var tally = new Tally(all.getFirst().length, all.getFirst()[0].length);
        all.forEach(tally::add);
        return new Drawn(tally.means(), tally.errors());
    }

    /// A group's stands at its first token.
    static double[][] atFirst(double[][] perGroup, Groups groups, int tokens) {
        var out = new double[perGroup.length][];
        for (int t = 0; t < out.length; t++) out[t] = groups.atFirst(perGroup[t], tokens);
        return out;
    }
}
