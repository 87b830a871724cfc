package clew.app;

import clew.attribution.AttributionMethod;
import clew.attribution.Template;
import clew.attribution.render.Normalize;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// An explanation asked for, by the command line or by a line of a jsonl file: every option checked, no model needed.
///
/// @param merge     tokens that are one
/// @param template  of the prompt, whose slots are the features then
/// @param skip      tokens that are left out
/// @param following the continuation to be explained; of the aim only score and contrast count then
record ExplainRequest(Input input, Aim aim, Optional<Following> following, List<AttributionMethod> methods,
    Normalize normalize, Group group, Spans merge, Spans skip, Optional<Template> template, Set<Detail> details) {
    /// The keys that a line may have.
    static final Set<Key> KEYS = EnumSet.range(Key.PROMPT, Key.FEATURES);

    /// What a result has beyond the scores of all tokens, or without.
    enum Detail {
        /// The `[T, D]` array.
        FEATURES,
        /// The windows of occlusion.
        REGIONS,
        /// Special tokens left out.
        SKIP_SPECIAL
    }

    static ExplainRequest of(Given given) {
        var details = EnumSet.noneOf(Detail.class);
        if (given.flag(Key.FEATURES)) details.add(Detail.FEATURES);
        if (given.flag(Key.SKIP_SPECIAL)) details.add(Detail.SKIP_SPECIAL);
        if (given.flag(Key.REGIONS)) {
            if (!MethodName.of(given).contains(MethodName.OCCLUSION))
                throw new UsageException(given.name(Key.REGIONS) + " lists the windows of occlusion, which is none of"
                    + " the methods asked for; add it with --method, or leave the list out");
            details.add(Detail.REGIONS);
        }
        var settings = MethodSettings.of(given);
        var template = Slots.of(given);
        var input = Input.of(given);
        return new ExplainRequest(template.map(t -> (Input) new Input.Text(t.text())).orElse(input), Aim.of(given),
            Following.of(given),
            MethodName.of(given).stream().map(m -> m.with(settings)).toList(),
            given.oneOf(Key.NORMALIZE, List.of(Normalize.values()), Normalize::label, Normalize.NONE),
            given.oneOf(Key.GROUP, List.of(Group.values()), Group::label, Group.TOKEN), Spans.of(given, Key.MERGE),
            Spans.of(given, Key.SKIP), template, details);
    }
}
