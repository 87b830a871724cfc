package clew.app;

import clew.attribution.Explained;
import clew.model.Run;
import clew.model.token.Tokenizer;
import java.util.List;
import java.util.Optional;

/// `--target girl` means the token "girl" and not " girl": where the twin with or without a leading space is likelier,
/// one line says so.
record TwinHint(Run run) {
    List<String> of(Aim aim, List<Explained> targets) {
        if (!(aim.choice() instanceof Aim.Choice.Text(var given)) || !run.model().spec().labels().isEmpty())
            return List.of();
        var twin = given.text().startsWith(" ") ? given.text().substring(1) : " " + given.text();
        return run.model().tokenizer().flatMap(t -> hint(t, given, twin, targets.getFirst())).stream().toList();
    }

    private Optional<String> hint(Tokenizer tokenizer, Given.Value given, String twin, Explained target) {
        var ids = Aim.idsOf(tokenizer, twin);
        var logits = run.logits(0, target.position());
        if (ids.size() != 1 || ids.getFirst() >= logits.length || !(logits[ids.getFirst()] > logits[target.id()]))
            return Optional.empty();
        return Optional
            .of("'" + twin + "' is likelier than '" + given.text() + "' and another token; if that was meant, give "
            + given.name() + " \"" + twin + "\"");
    }
}
