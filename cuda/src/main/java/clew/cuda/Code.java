package clew.cuda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// The compiled kernels, as they lie beside the classes: PTX, which the driver turns into code for its card.
enum Code {
    /// For every card since compute capability 7.5, in the PTX that drivers of CUDA 10 and newer read.
    PLAIN("kernels.ptx", "compute_75", "6.3"),
    /// With products on tensor cores, for 8.0 and newer, in the PTX of CUDA 11.
    TENSOR("kernels-tensor.ptx", "compute_80", "7.0");

    private final String file, architecture, version;

    Code(String file, String architecture, String version) {
        this.file = file;
        this.architecture = architecture;
        this.version = version;
    }

    static Code of(Card card) {
        return card.hasTensorCores() ? TENSOR : PLAIN;
    }

    String file() {
        return file;
    }

    /// The virtual architecture that nvcc compiles for.
    String architecture() {
        return architecture;
    }

    /// The PTX version in its header: the lowest that has every instruction used, which ptxas verifies.
    String version() {
        return version;
    }

    String text() {
        try (var in = Code.class.getResourceAsStream(file)) {
            if (in == null) throw new IllegalStateException(file + " is missing from the device's jar");
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
