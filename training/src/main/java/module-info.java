/// Training on the engine's tape: optimiser, schedule, loss, data order, checkpoints.
@org.jspecify.annotations.NullMarked
module clew.training {
    requires transitive clew.model;

    exports clew.training;
    exports clew.training.demo;
    exports clew.training.world;
}
