package clew.attribution;

import clew.model.Run;
import java.util.List;

/// A method that moves inputs: of a run of a prompt and a continuation those of the prompt alone, of any other all.
public interface MovingMethod extends AttributionMethod {
    @Override
    default Attribution explain(Run run, List<Explained> targets) {
        return explain(run, targets, run.pass().tokens());
    }

    @Override
    Attribution explain(Run run, List<Explained> targets, int prompt);
}
