package clew.weights;

import clew.engine.tensor.Shape;
import clew.engine.tensor.Storage;
import clew.engine.tensor.Tensor;
import java.util.Set;

/// A checkpoint whose matrices of linear layers lie quantised in a file of their own ([QuantisedFile]); everything else
/// comes from the checkpoint.
///
/// As in bitsandbytes, what a token becomes (embeddings, learned positions) and what the last layer's output is
/// compared with (the head, tied or not) stay as they are: they are asked for with [#tensor].
public final class QuantisedWeights implements TensorSource, AutoCloseable {
    private final Checkpoint checkpoint;
    private final Quantisation how;
    private final SafeTensors file;

    private QuantisedWeights(Checkpoint checkpoint, Quantisation how, SafeTensors file) {
        this.checkpoint = checkpoint;
        this.how = how;
        this.file = file;
    }

    /// @param matrices which tensors are matrices of linear layers: what a reader of the checkpoint asks for as such
    /// @throws WeightsException if the quantised file is not there and cannot be made
    public static QuantisedWeights open(Checkpoint checkpoint, Set<String> matrices, QuantisedFile place) {
        return new QuantisedWeights(checkpoint, place.how(), place.open(checkpoint, matrices));
    }

    public Quantisation how() {
        return how;
    }

    /// Bytes of the quantised file.
    public long bytes() {
        return file.bytes();
    }

    @Override
    public String origin() {
        return checkpoint.origin();
    }

    @Override
    public boolean has(String name) {
        return checkpoint.has(name);
    }

    @Override
    public boolean hasUnder(String prefix) {
        return checkpoint.hasUnder(prefix);
    }

    @Override
    public Tensor tensor(String name, int... dims) {
        return checkpoint.tensor(name, dims);
    }

    @Override
    public Tensor matrix(String name, int... dims) {
        checkpoint.tensor(name, dims);                                                      // its shape is as asked
        var data = (Storage.Mapped) file.tensor(name).storage();
        return how.tensor(data.data(), Shape.of(dims));
    }

    @Override
    public void close() {
        file.close();
    }
}
