package clew.training.world;

import java.util.List;
import java.util.Optional;

/// A held-out prompt and the one right way to go on; `prompt + answer` is the whole text.
///
/// The prompt's tokens are the first tokens of the whole text's: an answer in letters begins with its space, before an
/// answer in digits the space ends the prompt. A continuation is right if, cut before the first line end, full stop or
/// end token and trimmed, it equals the trimmed answer.
///
/// @param evidence where the answer stands in the prompt: one place for [Skill#RETRIEVAL] and [Skill#CONFLICT], several
///                 or none for other skills
/// @param alone    for [Skill#CONFLICT] the same question without its context, answered by the fact
public record Example(Skill skill, String prompt, String answer, List<Span> evidence, Optional<Example> alone) {
    public Example {
        evidence = List.copyOf(evidence);
    }

    static Example of(Skill skill, Item item) {
        var prompt = item.digits() ? item.lead() + " " : item.lead();
        var answer = item.digits() ? item.answer() : " " + item.answer();
        return new Example(skill, prompt, answer, Span.of(item.answer(), prompt), Optional.empty());
    }

    Example without(Example alone) {
        return new Example(skill, prompt, answer, evidence, Optional.of(alone));
    }

    /// Whether a model's continuation of the prompt is the answer.
    public boolean isAnsweredBy(String continuation) {
        var end = continuation.length();
        for (var stop : List.of("\n", ".", Specials.END)) {
            var at = continuation.indexOf(stop);
            if (at >= 0) end = Math.min(end, at);
        }
        return continuation.substring(0, end).strip().equals(answer.strip());
    }
}
