package clew.cuda;

/// A graphics card.
///
/// @param name            as the driver calls it
/// @param bytes           of its memory
/// @param major           compute capability `major.minor`
/// @param minor           and its second part
/// @param multiprocessors blocks that run at the same time, at least
record Card(String name, long bytes, int major, int minor, int multiprocessors) {
    /// Compute capability 7.5 is the first that the kernels are compiled for.
    boolean canRunKernels() {
        return major > 7 || major == 7 && minor >= 5;
    }

    /// Products of bf16 and tf32 on tensor cores came with 8.0.
    boolean hasTensorCores() {
        return major >= 8;
    }

    @Override
    public String toString() {
        return "%s, %.1f GB, compute capability %d.%d".formatted(name, bytes / 1e9, major, minor);
    }
}
