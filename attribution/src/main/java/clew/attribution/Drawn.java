package clew.attribution;

/// Scores, `[targets][features]`. Those that are linear in the values of a game are, where the removal draws, the mean
/// over its draws.
///
/// @param deviations whose errors are those of the scores
record Drawn(double[][] scores, Deviations deviations) {
    /// A method, as far as a single game goes.
    interface Method {
        double[][] scores(PromptGame game);
    }

    static Drawn of(Games games, Method method) {
        var all = games.each().stream().map(method::scores).toList();
        var tally = new Tally(all.getFirst().length, all.getFirst()[0].length);
        all.forEach(tally::add);
        return new Drawn(tally.means(), tally.deviations());
    }

    /// Whether half of every 95 % interval is at most this share of the scalar's largest score.
    boolean within(double tolerance) {
        return Tally.within(tolerance, scores, deviations.errors(), deviations.degrees());
    }
}
