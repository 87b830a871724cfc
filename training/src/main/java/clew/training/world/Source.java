package clew.training.world;

/// The texts and the held-out examples of one skill.
interface Source {
    /// Writes a training text.
    void write(Draft draft, Dice dice);

    /// The `i`-th held-out example.
    Example heldOut(int i, Dice dice);
}
