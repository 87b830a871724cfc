package clew.attribution;

import clew.weights.Config;
import clew.weights.SafeTensors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/// The numbers that peers computed for one checkpoint: `goldens/NAME.json` and `goldens/NAME.safetensors`.
///
/// @param name       the checkpoint's name, with `.tl` or `.inseq` behind it for the files of those peers
/// @param checkpoint the folder of the model
/// @param arrays     every array and every number of `values` by its full name, row-major
/// @param facts      the rest of the checkpoint's JSON: sequences, targets, the padding id
record Golden(String name, String checkpoint, Map<String, double[]> arrays, JsonNode facts) {
    static Golden read(String name) {
        var folder = Shared.path("goldens/goldens");
        var checkpoint = name.replaceFirst("\\..*", "");
        var arrays = new LinkedHashMap<String, double[]>();
        for (var value : Config.read(folder.resolve(name + ".json")).json().get("values").properties())
            arrays.put(value.getKey(), numbers(value.getValue()));
        try (var tensors = SafeTensors.open(folder.resolve(name + ".safetensors"))) {
            for (var array : tensors.names()) arrays.put(array, tensors.tensor(array).toDoubles());
        }
        return new Golden(name, checkpoint, arrays, Config.read(folder.resolve(checkpoint + ".json")).json());
    }

    int[] sequence(String s) {
        return ints(facts.get("sequences").get(s));
    }

    /// The padding id as often as the sequence is long.
    int[] padded(String s) {
        return Arrays.stream(sequence(s)).map(_ -> pad()).toArray();
    }

    int target(String sequence, String t) {
        return ints(facts.get("targets").get(sequence))[t.charAt(1) - '0'];
    }

    /// TransformerLens's sequence of eight tokens, twice.
    int[] repeated() {
        return Arrays.stream(arrays.get("repeated_sequence")).mapToInt(v -> (int) v).toArray();
    }

    int[] continuation() {
        return ints(facts.get("llm_target"));
    }

    int pad() {
        return facts.get("pad_id").intValue();
    }

    private static int[] ints(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).mapToInt(JsonNode::intValue).toArray();
    }

    /// The numbers of a number, a list or a table, in their order; words and flags are none.
    private static double[] numbers(JsonNode node) {
        if (node.isNumber()) return new double[] {node.doubleValue()};
        return node.valueStream().flatMapToDouble(n -> Arrays.stream(numbers(n))).toArray();
    }
}
