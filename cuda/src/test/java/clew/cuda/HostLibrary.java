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
import java.util.ArrayList;
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
            build("host.cpp", BUILT);
            return Optional.of(new HostLibrary());
        } catch (IOException | IllegalArgumentException e) {
            obstacle = e.getMessage();
            return Optional.empty();
        }
    }

    /// Compiles the kernels with one of the sources beside them, unless that has been done.
    ///
    /// @throws IOException with a sentence, if it cannot be done here
    static void build(String source, Path target, String... more) throws IOException {
        if (isFresh(target)) return;
        Files.createDirectories(target.getParent());
        var command = new ArrayList<>(List.of("g++", "-std=c++17", "-O2", "-ffp-contract=off", "-U_FORTIFY_SOURCE",
            "-fPIC", "-shared", "-w", "-I" + SOURCES, "-o", target.toString(), SHIM.resolve(source).toString()));
        command.addAll(List.of(more));
        var made = Tools.run(command).orElseThrow(() ->
            new IOException("g++ is not here, so the kernels were not run on the processor"));
        if (made.code() != 0) throw new IOException("g++ cannot compile the kernels: " + made.output());
    }

    private static boolean isFresh(Path target) throws IOException {
        if (!Files.exists(target)) return false;
        var built = Files.getLastModifiedTime(target);
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
