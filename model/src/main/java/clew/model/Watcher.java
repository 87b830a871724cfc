package clew.model;

/// Who hears of a model's work while it goes on, on the threads that do it.
public interface Watcher {
    /// A pass has run.
    void ran(Run run);

    /// An op has been computed: of a pass, or of the way back from one.
    default void step() {}
}
