package clew.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// Which files of a directory hold its weights.
///
/// @param source what to name in messages: the file or the index
/// @param files  names of the safetensors files, sorted
/// @param map    tensor → file as the index says; empty when there is one file and no index
record ShardIndex(Path source, List<String> files, Map<String, String> map) {
    private static final String SINGLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final long MAX_INDEX_BYTES = 64L << 20;

    static ShardIndex find(Path dir) {
        if (Files.exists(dir.resolve(SINGLE))) return single(dir.resolve(SINGLE));
        if (Files.exists(dir.resolve(INDEX))) return read(dir.resolve(INDEX));
        var others = list(dir, ".safetensors");
        return switch (others.size()) {
            case 1  -> single(others.getFirst());
            case 0  -> throw new WeightsException(none(dir));
            default -> throw new WeightsException(dir + " has " + others.size() + " safetensors files ("
                    + Quote.line(String.join(", ", others.stream().map(p -> p.getFileName().toString()).toList()))
                    + ") and no " + INDEX + " to say what they hold; download the index too");
        };
    }

    /// Where each tensor lies, once `opened` (in the order of [#files]) are known to hold what the index promises.
    Map<String, SafeTensors> homes(List<SafeTensors> opened) {
        var homes = new LinkedHashMap<String, SafeTensors>();
        if (map.isEmpty()) {
            for (var file : opened) for (var name : file.names()) homes.put(name, file);
            return homes;
        }
        var byFile = new TreeMap<String, SafeTensors>();
        for (int i = 0; i < opened.size(); i++) byFile.put(files.get(i), opened.get(i));
        map.forEach((name, file) -> {
            var home = byFile.get(file);
            if (home == null || !home.names().contains(name))
                throw new WeightsException(source + " says that tensor " + Quote.name(name) + " is in "
                        + Quote.name(file) + ", which does not have it; download both again");
            homes.put(name, home);
        });
        return homes;
    }

    private static ShardIndex single(Path file) {
        return new ShardIndex(file, List.of(file.getFileName().toString()), Map.of());
    }

    private static ShardIndex read(Path index) {
        var weights = Json.tree(index, MAX_INDEX_BYTES).path("weight_map");
        if (!weights.isObject() || weights.isEmpty())
            throw new WeightsException(index + " has no weight_map; download it again");
        var map = new LinkedHashMap<String, String>();
        weights.properties().forEach(e -> map.put(e.getKey(), shard(index, e.getKey(), e.getValue())));
        return new ShardIndex(index, map.values().stream().distinct().sorted().toList(), map);
    }

    /// A shard lies beside its index: its name is one plain file name, so that no index can name files elsewhere.
    private static String shard(Path index, String tensor, JsonNode value) {
        var file = value.isString() ? value.stringValue() : value.toString();
        if (!value.isString() || !isPlainName(file))
            throw new WeightsException(index + ": tensor " + Quote.name(tensor) + " is said to be in "
                    + Quote.name(file) + ", which is not the plain name of a .safetensors file; download it again");
        if (!Files.exists(index.resolveSibling(file)))
            throw new WeightsException(index + " names the shard " + Quote.name(file)
                    + ", which does not exist; download it into the same directory");
        return file;
    }

    private static boolean isPlainName(String file) {
        try {
            return file.endsWith(".safetensors") && file.indexOf('/') < 0 && file.indexOf('\\') < 0
                    && Path.of(file).getNameCount() == 1 && !Path.of(file).isAbsolute();
        } catch (InvalidPathException _) {
            return false;
        }
    }

    private static String none(Path dir) {
        for (var suffix : List.of(".bin", ".pt", ".pth", ".gguf"))
            if (!list(dir, suffix).isEmpty())
                return dir + " has its weights as *" + suffix + " only; convert them to safetensors, in Python: "
                        + "transformers.AutoModelForCausalLM.from_pretrained(DIR"
                        + (suffix.equals(".gguf") ? ", gguf_file=FILE" : "") + ").save_pretrained(NEW_DIR),"
                        + " of a classifier AutoModelForSequenceClassification";
        return dir + " has no *.safetensors file; download the model's weights into it";
    }

    private static List<Path> list(Path dir, String suffix) {
        try {
            return Folder.list(dir, p -> p.getFileName().toString().endsWith(suffix));
        } catch (IOException e) {
            throw new WeightsException(dir + " cannot be read (" + Quote.reason(e) + "); name a model directory", e);
        }
    }
}
