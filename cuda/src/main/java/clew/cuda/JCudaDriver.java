package clew.cuda;

import static clew.cuda.Status.check;
import static jcuda.driver.JCudaDriver.cuCtxSetCurrent;
import static jcuda.driver.JCudaDriver.cuCtxSynchronize;
import static jcuda.driver.JCudaDriver.cuDevicePrimaryCtxRelease;
import static jcuda.driver.JCudaDriver.cuDevicePrimaryCtxRetain;
import static jcuda.driver.JCudaDriver.cuLaunchKernel;
import static jcuda.driver.JCudaDriver.cuMemAlloc;
import static jcuda.driver.JCudaDriver.cuMemFree;
import static jcuda.driver.JCudaDriver.cuMemGetInfo;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoDAsync;
import static jcuda.driver.JCudaDriver.cuMemsetD8Async;
import static jcuda.driver.JCudaDriver.cuModuleGetFunction;
import static jcuda.driver.JCudaDriver.cuModuleLoadData;
import static jcuda.driver.JCudaDriver.cuModuleUnload;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import org.jspecify.annotations.Nullable;

/// The driver through JCuda, in the card's primary context.
final class JCudaDriver implements Driver {
    private final CUdevice device;
    private final CUcontext context = new CUcontext();
    private final Card card;
    private final CUmodule module = new CUmodule();
    private final Map<String, CUfunction> kernels = new HashMap<>();
    private final Frame frame = new Frame();
    private final Streams streams;
    private final Staging staging;
    private final Optional<GraphCalls> graphs = Search.library(Arena.global()).flatMap(GraphCalls::of);
    private boolean loaded;

    /// The handle of a graph that can be run.
    private record Executable(long handle) {}

    private JCudaDriver(CUdevice device, Card card) {
        this.device = device;
        this.card = card;
        check(cuDevicePrimaryCtxRetain(context, device), "making a context");
        enter();
        this.streams = new Streams();
        this.staging = new Staging(streams.copies());
    }

    /// Drives card number `index` of those found.
    static JCudaDriver open(int index) {
        var device = Search.device(index);
        return new JCudaDriver(device, Search.describe(device));
    }

    /// Contexts belong to threads; verbs may come from any.
    private void enter() {
        check(cuCtxSetCurrent(context), "entering its context");
    }

    @Override
    public Card card() {
        return card;
    }

    @Override
    public long free() {
        enter();
        long[] free = new long[1], all = new long[1];
        check(cuMemGetInfo(free, all), "asking for free memory");
        return free[0];
    }

    @Override
    public void load(String ptx) {
        enter();
        var text = (ptx + "\0").getBytes(StandardCharsets.UTF_8);
        check(cuModuleLoadData(module, text), "loading its kernels");
        loaded = true;
    }

    @Override
    public Object kernel(String name) {
        return kernels.computeIfAbsent(name, _ -> {
            enter();
            var function = new CUfunction();
            check(cuModuleGetFunction(function, module, name), "looking for kernel " + name);
            return function;
        });
    }

    @Override
    public long allocate(long bytes) {
        enter();
        var at = new Address(0);
        var status = cuMemAlloc(at, bytes);
        if (status == CUresult.CUDA_ERROR_OUT_OF_MEMORY) return 0;
        check(status, "allocating " + bytes + " bytes");
        return at.value();
    }

    @Override
    public void release(long address) {
        enter();
        check(cuMemFree(new Address(address)), "freeing memory");
    }

    // ── lines ───────────────────────────────────────────────────────────────────────────────────────────────────────

    @Override
    public void order(Line first, Line then) {
        enter();
        if (first != then) streams.order(first);
    }

    @Override
    public void await() {
        enter();
        streams.work().await();
        streams.copies().await();
    }

    @Override
    public void upload(long to, MemorySegment from) {
        enter();
        staging.upload(to, from);
    }

    @Override
    public void download(MemorySegment to, long from) {
        enter();
        staging.download(to, from);
    }

    @Override
    public void copy(long to, long from, long bytes) {
        enter();
        check(cuMemcpyDtoDAsync(new Address(to), new Address(from), bytes, streams.work()), "copying on it");
    }

    @Override
    public void clear(long at, long bytes) {
        enter();
        check(cuMemsetD8Async(new Address(at), (byte) 0, bytes, streams.work()), "clearing memory");
    }

    @Override
    public void launch(Object kernel, int x, int y, int z, int threads, Arguments arguments) {
        enter();
        check(cuLaunchKernel((CUfunction) kernel, x, y, z, threads, 1, 1, 0, streams.work(),
            Pointer.to(arguments.in(frame)), null), "launching a kernel");
    }

    // ── graphs ──────────────────────────────────────────────────────────────────────────────────────────────────────

    @Override
    public Optional<String> withoutGraphs() {
        return graphs.isPresent() ? Optional.empty() : Optional.of("graphs need a driver of CUDA 12 or newer");
    }

    @Override
    public Object graph(Iterable<Step> steps, @Nullable Object like) {
        enter();
        var calls = graphs.orElseThrow();
        var before = (Executable) like;
        try {
            var graph = record(calls, steps);
            try {
                if (before != null && calls.update(before.handle(), graph) == CUresult.CUDA_SUCCESS) {
                    var changed = before;
                    before = null;
                    return changed;
                }
                check(calls.instantiate(graph), "making a graph");
                return new Executable(calls.made());
            } finally {
                calls.destroy(graph);
            }
        } finally {
            if (before != null) forget(before);
        }
    }

    /// A recording that was begun is ended, whatever comes.
    private long record(GraphCalls calls, Iterable<Step> steps) {
        check(calls.begin(streams.work().handle()), "recording");
        var status = CUresult.CUDA_ERROR_UNKNOWN;
        try {
            steps.forEach(step -> step.put(this));
        } finally {
            status = calls.end(streams.work().handle());
        }
        check(status, "recording");
        return calls.made();
    }

    @Override
    public void run(Object graph) {
        enter();
        check(graphs.orElseThrow().launch(((Executable) graph).handle(), streams.work().handle()), "running a graph");
    }

    @Override
    public void forget(Object graph) {
        enter();
        graphs.orElseThrow().destroyExecutable(((Executable) graph).handle());
    }

    @Override
    public void close() {
        enter();
        cuCtxSynchronize();
        staging.close();
        streams.close();
        if (loaded) cuModuleUnload(module);
        cuDevicePrimaryCtxRelease(device);
    }
}
