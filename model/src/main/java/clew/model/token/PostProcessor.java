package clew.model.token;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finishes an encoding: moves offsets, adds a template's tokens. Each record is a `post_processor` of tokenizer.json.
sealed interface PostProcessor {

    Tokens apply(Tokens tokens, Specials specials);

    /// Whether a template's own tokens are wanted.
    enum Specials { ADDED, LEFT_OUT }

    record Sequence(List<PostProcessor> steps) implements PostProcessor {
        @Override
        public Tokens apply(Tokens tokens, Specials specials) {
            for (var step : steps) tokens = step.apply(tokens, specials);
            return tokens;
        }
    }

    /// Leaves the spaces at both ends of a token out of its offsets (`trim_offsets`), save one that was put in front.
    record TrimSpaces(PreTokenizer.Prefix prefix) implements PostProcessor {
        @Override
        public Tokens apply(Tokens tokens, Specials specials) {
            for (int i = 0; i < tokens.size(); i++) trim(tokens, i);
            return tokens;
        }

        private void trim(Tokens tokens, int i) {
            int start = tokens.start(i), end = tokens.end(i);
            var value = tokens.value(i);                         // every space is in the basic plane
            int leading = 0, trailing = 0, n = value.length();
            while (leading < n && isSpace(value.charAt(leading))) leading++;
            while (trailing < n && isSpace(value.charAt(n - 1 - trailing))) trailing++;
            boolean put = prefix == PreTokenizer.Prefix.ALWAYS && leading == 1 && (i == 0 || start == 0);
            if (!put) start = Math.min(start + leading, end);
            if (end >= trailing) end = Math.max(end - trailing, start);
            tokens.moveTo(i, start, end);
        }

        private static boolean isSpace(int point) {
            return point == ByteAlphabet.SPACE || Unicode.isSpace(point);
        }
    }

    /// The template of a single text: special tokens with offsets 0,0 before and behind it.
    record Template(List<Special> before, List<Special> behind) implements PostProcessor {
        record Special(int id, String piece) {}

        /// The template that puts the added token `content` in front, if there is one.
        static Template before(@Nullable String content, List<AddedTokens.Added> added) {
            return new Template(added.stream().filter(token -> token.content().equals(content))
                .map(token -> new Special(token.id(), token.content())).toList(), List.of());
        }

        @Override
        public Tokens apply(Tokens tokens, Specials specials) {
            if (specials == Specials.LEFT_OUT) return tokens;
            var out = new Tokens();
            for (var s : before) out.add(s.id(), s.piece(), 0, 0);
            out.addAll(tokens);
            for (var s : behind) out.add(s.id(), s.piece(), 0, 0);
            return out;
        }
    }
}
