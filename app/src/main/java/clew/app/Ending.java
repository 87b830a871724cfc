package clew.app;

import clew.model.Generator;
import clew.model.token.Tokenizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/// Where a continuation ends: as the request says, and as the model's own file says unless its ends are ignored.
///
/// @param ends    ids that end the text
/// @param stopIds ids that end it, the asker's own
/// @param stops   texts that end it
record Ending(Set<Integer> ends, Set<Integer> stopIds, List<String> stops) {
    /// A special token is in no text, so a stop text that is one becomes an id.
    ///
    /// @throws UsageException if a stop text needs a tokenizer that is not there, or has a special token among other
    ///     characters
    static Ending of(GenerateRequest request, OwnSettings own) {
        var keeps = request.end() == GenerateRequest.End.STOP;
        var asked = new ArrayList<>(request.stops());
        if (keeps) asked.addAll(own.stops());
        var ids = new HashSet<>(request.stopIds());
        if (!asked.isEmpty()) {
            var tokenizer = own.model().tokenizer().orElseThrow(() -> Reader.needed(own.model().path(),
                request.stops().isEmpty() ? "stop_strings in generation_config.json" : Key.STOP.option()));
            for (var stop : asked) special(tokenizer, stop).ifPresent(ids::add);
        }
        return new Ending(keeps ? own.ends() : Set.of(), ids, asked);
    }

    private static OptionalInt special(Tokenizer tokenizer, String stop) {
        var whole = special(tokenizer).filter(stop::equals).findFirst();
        if (whole.isPresent()) return tokenizer.idOf(stop);
        special(tokenizer).filter(stop::contains).findFirst().ifPresent(part -> {
            throw new UsageException("the stop text '" + stop + "' has the special token " + part
                + " in it, which no text shows; stop at the token alone");
        });
        return OptionalInt.empty();
    }

    private static Stream<String> special(Tokenizer tokenizer) {
        return tokenizer.addedTokens().stream().filter(t -> tokenizer.isSpecial(tokenizer.idOf(t).orElseThrow()));
    }

    Generator.Limits limits(int length) {
        return new Generator.Limits(length, ends, stopIds);
    }
}
