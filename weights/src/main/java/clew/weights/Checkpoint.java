package clew.weights;

import clew.engine.tensor.Shape;
import clew.engine.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/// The weights of one model directory, in one safetensors file or in the shards of an index.
///
/// Which tensors there are is known at once; their elements stay in the files until read. Names are the files' own, and
/// nothing in the files is left out: buffers and copies of tied weights are listed too.
public final class Checkpoint implements TensorSource, AutoCloseable {
    private final Path dir;
    private final List<SafeTensors> files;                       // sorted by file name
    private final Map<String, SafeTensors> homes;                // tensor name → its file

    private Checkpoint(Path dir, List<SafeTensors> files, Map<String, SafeTensors> homes) {
        this.dir = dir;
        this.files = List.copyOf(files);
        this.homes = Collections.unmodifiableMap(new LinkedHashMap<>(homes));
    }

    /// Opens `model.safetensors`, else the shards of `model.safetensors.index.json`, else the only `*.safetensors`.
    ///
    /// @throws WeightsException if there are none, or one of the files is bad
    public static Checkpoint open(Path dir) {
        var shards = ShardIndex.find(dir);
        var files = new ArrayList<SafeTensors>();
        try {
            for (var name : shards.files()) files.add(SafeTensors.open(dir.resolve(name)));
            return new Checkpoint(dir, files, shards.homes(files));
        } catch (RuntimeException e) {
            files.forEach(SafeTensors::close);
            throw e;
        }
    }

    /// The directory.
    public Path path() {
        return dir;
    }

    /// The files, sorted by name.
    List<Path> files() {
        return files.stream().map(SafeTensors::path).toList();
    }

    @Override
    public String origin() {
        return path().toString();
    }

    @Override
    public boolean has(String name) {
        return homes.containsKey(name);
    }

    @Override
    public boolean hasUnder(String prefix) {
        return homes.keySet().stream().anyMatch(name -> name.startsWith(prefix));
    }

    public Set<String> names() {
        return homes.keySet();
    }

    /// @throws WeightsException if there is no such tensor; the message lists names that come close
    public Tensor tensor(String name) {
        return home(name).tensor(name);
    }

    /// The same, and its shape is as asked.
    ///
    /// @throws WeightsException if it is missing or its shape is another; the message prints both
    @Override
    public Tensor tensor(String name, int... dims) {
        var wanted = Shape.of(dims);
        if (!has(name)) throw missing(name, ", which the model needs as " + wanted);
        var tensor = tensor(name);
        if (!tensor.shape().equals(wanted))
            throw new WeightsException(home(name).path() + ": tensor " + Quote.name(name) + " has the shape "
                    + tensor.shape() + " where the model needs " + wanted + "; check that config.json belongs to it");
        return tensor;
    }

    /// The tensor, if the files have it.
    public Optional<Tensor> find(String name) {
        return has(name) ? Optional.of(tensor(name)) : Optional.empty();
    }

    /// The tensor, if the files have it, and then its shape is as asked.
    public Optional<Tensor> find(String name, int... dims) {
        return has(name) ? Optional.of(tensor(name, dims)) : Optional.empty();
    }

    /// Bytes of all files.
    public long bytes() {
        return files.stream().mapToLong(SafeTensors::bytes).sum();
    }

    /// Elements of all tensors, buffers included; tied weights count as often as they are stored.
    public long parameters() {
        return entries().stream().mapToLong(e -> e.shape().size()).sum();
    }

    /// Elements per element type, the commonest first; the types are named as the format names them.
    public Map<String, Long> dtypes() {
        ToLongFunction<SafeTensors.Entry> size = e -> e.shape().size();
        var counts = entries().stream()
                .collect(Collectors.groupingBy(SafeTensors.Entry::dtype, Collectors.summingLong(size)));
        var sorted = new LinkedHashMap<String, Long>();
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .forEach(e -> sorted.put(e.getKey(), e.getValue()));
        return sorted;
    }

    /// What the files list of the model's tensors.
    public List<SafeTensors.Entry> entries() {
        return homes.entrySet().stream().map(e -> e.getValue().entry(e.getKey())).toList();
    }

    /// The first NaN or infinity in the weights and where it is; reads every byte of them.
    public Optional<String> firstNonFinite() {
        return entries().stream()
                .filter(entry -> Header.readable(entry.dtype()).isPresent())
                .flatMap(entry -> Tensors.firstNonFinite(tensor(entry.name())).stream()
                        .map(bad -> "tensor " + Quote.name(entry.name()) + " has " + bad))
                .findFirst();
    }

    /// SHA-256 of config.json, then of each file's header and size: cheap, and blind only to the values of the weights.
    public String fingerprint(Path config) {
        return Sha256.ofHeaders(config, files);
    }

    /// SHA-256 of the files' bytes one after another, as `cat *.safetensors | sha256sum` prints it.
    public String hash() {
        return Sha256.ofBytes(files);
    }

    @Override
    public void close() {
        files.forEach(SafeTensors::close);
    }

    private SafeTensors home(String name) {
        var home = homes.get(name);
        if (home != null) return home;
        throw missing(name, "");
    }

    private WeightsException missing(String name, String need) {
        var where = files.size() == 1 ? files.getFirst().path() : dir;
        return new WeightsException(where + " has no tensor " + Quote.name(name) + need
                + NearNames.hint(name, names()));
    }
}
