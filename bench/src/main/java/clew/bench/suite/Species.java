package clew.bench.suite;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// A width of vectors that the virtual machine is held to, in bits.
record Species(int bits) {
    private static final String OPTION = "-XX:MaxVectorSize=";

    Species {
        if (bits != 512 && bits != 256 && bits != 128)
            throw new IllegalArgumentException("species " + bits + ": 512, 256 or 128 bits");
    }

    /// `512,256,128`.
    static List<Species> parse(String list) {
        return List.of(list.split(",")).stream().map(bits -> new Species(Integer.parseInt(bits))).toList();
    }

    String option() {
        return OPTION + bits / Byte.SIZE;
    }

    /// The one that a run was held to; empty where it took the machine's own.
    static Optional<Species> of(Collection<String> jvmArgs) {
        return jvmArgs.stream().filter(arg -> arg.startsWith(OPTION))
            .map(arg -> new Species(Integer.parseInt(arg.substring(OPTION.length())) * Byte.SIZE)).findFirst();
    }
}
