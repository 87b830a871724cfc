/// Tensors, kernels, tape, ops and relevance rules. Needs the Vector API and nothing else.
@org.jspecify.annotations.NullMarked
module clew.engine {
    requires jdk.incubator.vector;
    requires static transitive org.jspecify;

    uses clew.engine.kernel.DeviceProvider;

    exports clew.engine.check;
    exports clew.engine.kernel;
    exports clew.engine.op;
    exports clew.engine.rule;
    exports clew.engine.tape;
    exports clew.engine.tensor;
}
