/// Files on disk: safetensors, config.json, model directories.
@org.jspecify.annotations.NullMarked
module clew.weights {
    requires transitive clew.engine;
    requires transitive tools.jackson.databind;

    exports clew.weights;
}
