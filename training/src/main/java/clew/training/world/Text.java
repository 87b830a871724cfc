package clew.training.world;

import clew.model.token.Tokenizer;
import clew.training.Document;
import java.util.List;

/// One training text.
///
/// @param skill   what it mainly teaches
/// @param text    special tokens written out, the begin token left to the tokenizer
/// @param counted the characters whose prediction counts in the loss, in order and apart
public record Text(Skill skill, String text, List<Span> counted) {
    public Text {
        counted = List.copyOf(counted);
    }

    /// The ids of the text; a token counts if it covers a counted character.
    public Document document(Tokenizer tokenizer) {
        var encoding = tokenizer.encode(text);
        var tokens = encoding.tokens();
        var weighs = new boolean[tokens.size()];
        for (int t = 1, s = 0; t < weighs.length; t++) {
            var token = tokens.get(t);
            while (s < counted.size() && counted.get(s).to() <= token.start()) s++;
            weighs[t] = s < counted.size() && counted.get(s).from() < token.end();
        }
        return new Document(encoding.ids(), weighs);
    }
}
