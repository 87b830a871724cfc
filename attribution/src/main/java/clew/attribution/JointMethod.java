package clew.attribution;

import clew.model.Run;
import java.util.List;

/// A method that asks what becomes of the explained scalar without a feature. Tokens of one group are removed together,
/// so a group's score is not the sum of its tokens' scores.
///
/// A result has scores per token as any other: a group's stands at its first token, and 0 at its others.
public interface JointMethod extends AttributionMethod {
    /// Explains scalars by features made of tokens.
    Attribution explain(Run run, List<Explained> targets, Groups groups);

    /// By every token that is not behind the last explained row.
    @Override
    default Attribution explain(Run run, List<Explained> targets) {
        return explain(run, targets, targets.stream().mapToInt(Explained::position).max().orElse(-1) + 1);
    }

    @Override
    default Attribution explain(Run run, List<Explained> targets, int prompt) {
        return explain(run, targets, Groups.each(prompt));
    }
}
