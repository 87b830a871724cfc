package clew.attribution.evaluation;

import clew.attribution.Attribution;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// An evaluation with everything that it takes to repeat it.
///
/// @param model    what was explained
/// @param settings replacement, draws, seed, device, version: name to number, string or boolean
/// @param methods  under their labels, with their parameters
/// @param verdicts one per prompt
public record Report(Attribution.Model model, Map<String, Object> settings, Map<String, Attribution.Method> methods,
                     Summary summary, List<Verdict> verdicts) {
    public Report {
        settings = Collections.unmodifiableMap(new TreeMap<>(settings));
        methods  = Collections.unmodifiableMap(new LinkedHashMap<>(methods));
        verdicts = List.copyOf(verdicts);
    }
}
