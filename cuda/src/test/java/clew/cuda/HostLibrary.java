package clew.cuda;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The kernels compiled for the processor by g++: the same sources, run without a card.
final class HostLibrary {
    static final Path SOURCES = Path.of("src/main/cuda"), SHIM = Path.of("src/test/cuda");
    private static final Path BUILT = Path.of("target/host/libkernels.so").toAbsolutePath();

    private static String obstacle = "";
    private static final Optional<HostLibrary> LIBRARY = load();

    private final MethodHandle launch;
    private final Arena names = Arena.ofAuto();
    private final Map<String, MemorySegment> known = new HashMap<>();

    @SuppressWarnings("restricted")
    private HostLibrary() {
        var at = SymbolLookup.libraryLookup(BUILT, Arena.global()).findOrThrow("clew_launch");
        ValueLayout a = ValueLayout.ADDRESS, i = ValueLayout.JAVA_INT;
        launch = Linker.nativeLinker().downcallHandle(at, FunctionDescriptor.of(i, a, i, i, i, i, a));
    }

    /// Empty where it cannot be built; [#obstacle] says why.
    static Optional<HostLibrary> get() {
        return LIBRARY;
    }

    static String obstacle() {
        return obstacle;
    }

    private static Optional<HostLibrary> load() {
        try {
            if (!isFresh()) {
                Files.createDirectories(BUILT.getParent());
                var made = Tools.run(List.of("g++", "-std=c++17", "-O2", "-ffp-contract=off", "-U_FORTIFY_SOURCE",
                    "-fPIC", "-shared", "-w", "-I" + SOURCES, "-o", BUILT.toString(),
                    SHIM.resolve("host.cpp").toString()));
                if (made.isEmpty()) return none("g++ is not here, so the kernels were not run on the processor");
                if (made.get().code() != 0) return none("g++ cannot compile the kernels: " + made.get().output());
            }
            return Optional.of(new HostLibrary());
        } catch (IOException | IllegalArgumentException e) {
            return none("the kernels cannot be built for the processor: " + e.getMessage());
        }
    }

    private static Optional<HostLibrary> none(String why) {
        obstacle = why;
        return Optional.empty();
    }

    private static boolean isFresh() throws IOException {
        if (!Files.exists(BUILT)) return false;
        var built = Files.getLastModifiedTime(BUILT);
        try (Stream<Path> kernels = Files.list(SOURCES); Stream<Path> shim = Files.list(SHIM)) {
            return Stream.concat(kernels, shim).allMatch(f -> f.toFile().lastModified() < built.toMillis());
        }
    }

    /// Runs a grid. One at a time: the library's shared memory is static.
    void run(String kernel, int x, int y, int z, int threads, MemorySegment arguments) {
        synchronized (HostLibrary.class) {
            try {
                var name = known.computeIfAbsent(kernel, names::allocateFrom);
                var status = (int) launch.invokeExact(name, x, y, z, threads, arguments);
                if (status != 0) throw new AssertionError("the library has no kernel " + kernel);
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        }
    }
}
