/// Tokenizers, model families, hooks, edits and generation.
@org.jspecify.annotations.NullMarked
module clew.model {
    requires transitive clew.weights;

    exports clew.model;
    exports clew.model.template;
    exports clew.model.token;
}
