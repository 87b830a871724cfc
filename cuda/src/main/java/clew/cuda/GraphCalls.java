package clew.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.NoSuchElementException;
import java.util.Optional;

/// The driver's calls for graphs, from its library itself: JCuda's lacks the one that changes a graph that was made,
/// and there a call that an older driver lacks would end the program, where here it is not found.
///
/// Handles are numbers; every call answers with the driver's status.
final class GraphCalls {
    private static final int OF_THIS_THREAD = 1;
    private static final MemoryLayout NUMBER = ValueLayout.JAVA_INT, HANDLE = ValueLayout.JAVA_LONG,
        POINTER = ValueLayout.ADDRESS;

    private final MethodHandle begin, end, instantiate, update, launch, destroy, destroyExecutable;
    private final MemorySegment out = Arena.ofAuto().allocate(32, 8);

    private GraphCalls(SymbolLookup library) {
        var linker = Linker.nativeLinker();
        begin = call(linker, library, "cuStreamBeginCapture_v2", HANDLE, NUMBER);
        end = call(linker, library, "cuStreamEndCapture", HANDLE, POINTER);
        instantiate = call(linker, library, "cuGraphInstantiateWithFlags", POINTER, HANDLE, HANDLE);
        update = call(linker, library, "cuGraphExecUpdate_v2", HANDLE, HANDLE, POINTER);
        launch = call(linker, library, "cuGraphLaunch", HANDLE, HANDLE);
        destroy = call(linker, library, "cuGraphDestroy", HANDLE);
        destroyExecutable = call(linker, library, "cuGraphExecDestroy", HANDLE);
    }

    @SuppressWarnings("restricted")
    private static MethodHandle call(Linker linker, SymbolLookup library, String name, MemoryLayout... arguments) {
        return linker.downcallHandle(library.findOrThrow(name), FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments));
    }

    /// Empty where the driver lacks one of them: before CUDA 12.
    static Optional<GraphCalls> of(SymbolLookup library) {
        try {
            return Optional.of(new GraphCalls(library));
        } catch (NoSuchElementException _) {
            return Optional.empty();
        }
    }

    int begin(long stream) {
        return invoke(begin, stream, OF_THIS_THREAD);
    }

    /// The graph is [#made].
    int end(long stream) {
        return invoke(end, stream, out);
    }

    /// The executable is [#made].
    int instantiate(long graph) {
        return invoke(instantiate, out, graph, 0L);
    }

    /// What the last call made.
    long made() {
        return out.get(ValueLayout.JAVA_LONG, 0);
    }

    int update(long executable, long graph) {
        return invoke(update, executable, graph, out);
    }

    int launch(long executable, long stream) {
        return invoke(launch, executable, stream);
    }

    int destroy(long graph) {
        return invoke(destroy, graph);
    }

    int destroyExecutable(long executable) {
        return invoke(destroyExecutable, executable);
    }

    /// Some few times a pass: no call that has to be exact.
    private static int invoke(MethodHandle call, Object... arguments) {
        try {
            return (int) call.invokeWithArguments(arguments);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
