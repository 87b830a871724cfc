package clew.training;

import clew.engine.tensor.Shape;
import clew.engine.tensor.Storage;
import clew.engine.tensor.Tensor;
import clew.weights.SafeTensors;
import clew.weights.TensorSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Weights in memory, made when a family first asks for them: norms are 1, biases 0, matrices normal.
///
/// Matrices have standard deviation σ, those that write into the residual stream `σ/√(2L)` (GPT-2, section 2.3, where
/// σ = 0.02 at a width of 768 and more). Each draws from a generator of its own, seeded by its name, so the values do
/// not depend on the order of asking.
public final class Parameters implements TensorSource {
    /// Endings of the matrices that write into the residual stream.
    private static final List<String> RESIDUAL = List.of("o_proj.weight", "down_proj.weight", "c_proj.weight");

    private final BiFunction<String, Shape, Tensor> made;
    private final Map<String, Tensor> all = new LinkedHashMap<>();

    private Parameters(BiFunction<String, Shape, Tensor> made) {
        this.made = made;
    }

    /// @param layers L, for the residual matrices
    /// @param sigma  σ of the others
    public Parameters(long seed, int layers, double sigma) {
        this(new Fresh(seed, sigma, sigma / Math.sqrt(2.0 * layers))::weight);
    }

    /// Weights that begin as a file has them.
    public static Parameters copy(SafeTensors file) {
        var copy = new Parameters((name, shape) -> {
            throw new IllegalArgumentException(name + " " + shape + " is not in the file that training begins with");
        });
        for (var name : file.names()) {
            var tensor = file.tensor(name);
            copy.all.put(name, new Tensor(tensor.shape(), new Storage.Floats(tensor.toFloats())));
        }
        return copy;
    }

    /// Every weight by its Hugging Face name, in the order in which they were asked for.
    public Map<String, Tensor> all() {
        return all;
    }

    @Override
    public String origin() {
        return "weights in memory";
    }

    /// Weights as Hugging Face names them are all there for the asking.
    @Override
    public boolean has(String name) {
        return true;
    }

    @Override
    public Tensor tensor(String name, int... dims) {
        return all.computeIfAbsent(name, _ -> made.apply(name, Shape.of(dims)));
    }

    /// The array behind a weight: what an optimiser changes between steps.
    static float[] array(Tensor weight) {
        if (weight.storage() instanceof Storage.Floats(var data)) return data;
        throw new IllegalArgumentException("weight " + weight.shape() + " does not lie in a float array");
    }

    private record Fresh(long seed, double sigma, double residual) {
        Tensor weight(String name, Shape shape) {
            var data = new float[Math.toIntExact(shape.size())];
            if (shape.rank() == 1) {
                Arrays.fill(data, name.endsWith(".bias") ? 0 : 1);
            } else {
                var random = random(name);
                var spread = RESIDUAL.stream().anyMatch(name::endsWith) ? residual : sigma;
                for (int i = 0; i < data.length; i++) data[i] = (float) (spread * random.nextGaussian());
            }
            return new Tensor(shape, new Storage.Floats(data));
        }

        private RandomGenerator random(String name) {
            return RandomGeneratorFactory.of("L64X128MixRandom").create(seed * 0x9E3779B97F4A7C15L + name.hashCode());
        }
    }
}
