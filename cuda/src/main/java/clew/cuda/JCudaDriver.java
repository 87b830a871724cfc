package clew.cuda;

import static jcuda.driver.JCudaDriver.cuCtxSetCurrent;
import static jcuda.driver.JCudaDriver.cuDeviceGet;
import static jcuda.driver.JCudaDriver.cuDeviceGetAttribute;
import static jcuda.driver.JCudaDriver.cuDeviceGetCount;
import static jcuda.driver.JCudaDriver.cuDeviceGetName;
import static jcuda.driver.JCudaDriver.cuDevicePrimaryCtxRelease;
import static jcuda.driver.JCudaDriver.cuDevicePrimaryCtxRetain;
import static jcuda.driver.JCudaDriver.cuDeviceTotalMem;
import static jcuda.driver.JCudaDriver.cuInit;
import static jcuda.driver.JCudaDriver.cuLaunchKernel;
import static jcuda.driver.JCudaDriver.cuMemAlloc;
import static jcuda.driver.JCudaDriver.cuMemFree;
import static jcuda.driver.JCudaDriver.cuMemGetInfo;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoD;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoH;
import static jcuda.driver.JCudaDriver.cuMemcpyHtoD;
import static jcuda.driver.JCudaDriver.cuMemsetD8;
import static jcuda.driver.JCudaDriver.cuModuleGetFunction;
import static jcuda.driver.JCudaDriver.cuModuleLoadData;
import static jcuda.driver.JCudaDriver.cuModuleUnload;
import static jcuda.driver.JCudaDriver.setExceptionsEnabled;

import clew.engine.kernel.DeviceException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;

/// The driver through JCuda: the only class that knows of it.
///
/// Everything goes through the driver's default queue, in the card's primary context.
final class JCudaDriver implements Driver {
    private static final int CHUNK = 1 << 22;

    private final CUdevice device;
    private final CUcontext context = new CUcontext();
    private final Card card;
    private final CUmodule module = new CUmodule();
    private final Map<String, CUfunction> kernels = new HashMap<>();
    private final ByteBuffer staging = ByteBuffer.allocateDirect(CHUNK);
    private boolean loaded;

    private JCudaDriver(CUdevice device, Card card) {
        this.device = device;
        this.card = card;
        check(cuDevicePrimaryCtxRetain(context, device), "making a context");
    }

    /// The cards that the driver finds, or why there is none; no error of a library passes.
    sealed interface Found {
        record Cards(List<Card> cards) implements Found {}

        record Nothing(String why) implements Found {}
    }

    static Found find() {
        try {
            if (!libraryIsThere())
                return new Found.Nothing("the cuda device needs NVIDIA's driver, and there is none here: "
                    + System.mapLibraryName("cuda") + " was not found; use --device simd");
            setExceptionsEnabled(false);
            var status = cuInit(0);
            if (status != CUresult.CUDA_SUCCESS)
                return new Found.Nothing("the cuda device cannot be used: NVIDIA's driver does not start ("
                    + CUresult.stringFor(status) + "); use --device simd");
            var count = new int[1];
            check(cuDeviceGetCount(count), "counting cards");
            var cards = new ArrayList<Card>();
            for (int i = 0; i < count[0]; i++) cards.add(describe(device(i)));
            return cards.isEmpty() ? new Found.Nothing("NVIDIA's driver finds no card; use --device simd")
                                   : new Found.Cards(cards);
        } catch (LinkageError | DeviceException e) {
            return new Found.Nothing("the cuda device cannot be used: "
                + (e instanceof DeviceException ? e.getMessage() : "JCuda has no library for this system")
                + "; use --device simd");
        }
    }

    /// Whether the system has the driver's library: asked first, because JCuda unpacks its own before it can tell.
    @SuppressWarnings("restricted")
    private static boolean libraryIsThere() {
        var windows = System.getProperty("os.name").startsWith("Windows");
        try (var arena = Arena.ofConfined()) {
            SymbolLookup.libraryLookup(windows ? "nvcuda.dll" : "libcuda.so.1", arena);
            return true;
        } catch (IllegalArgumentException | IllegalCallerException _) {
            return false;
        }
    }

    /// Drives card number `index` of those found.
    static JCudaDriver open(int index) {
        var device = device(index);
        return new JCudaDriver(device, describe(device));
    }

    private static CUdevice device(int index) {
        var device = new CUdevice();
        check(cuDeviceGet(device, index), "asking for card " + index);
        return device;
    }

    private static Card describe(CUdevice device) {
        var name = new byte[256];
        check(cuDeviceGetName(name, name.length, device), "asking for a card's name");
        var bytes = new long[1];
        check(cuDeviceTotalMem(bytes, device), "asking for a card's memory");
        return new Card(new String(name, StandardCharsets.UTF_8).split("\0", 2)[0].trim(), bytes[0],
            attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR),
            attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR),
            attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT));
    }

    private static int attribute(CUdevice device, int which) {
        var value = new int[1];
        check(cuDeviceGetAttribute(value, which, device), "asking for a card's capability");
        return value[0];
    }

    private static void check(int status, String doing) {
        if (status != CUresult.CUDA_SUCCESS)
            throw new DeviceException("the cuda device failed when " + doing + ": " + CUresult.stringFor(status));
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

    @Override
    public void upload(long to, MemorySegment from) {
        enter();
        for (long at = 0; at < from.byteSize(); at += CHUNK) {
            var bytes = Math.min(CHUNK, from.byteSize() - at);
            MemorySegment.copy(from, at, MemorySegment.ofBuffer(staging.clear()), 0, bytes);
            check(cuMemcpyHtoD(new Address(to + at), Pointer.to(staging), bytes),
                "copying to it");
        }
    }

    @Override
    public void download(MemorySegment to, long from) {
        enter();
        for (long at = 0; at < to.byteSize(); at += CHUNK) {
            var bytes = Math.min(CHUNK, to.byteSize() - at);
            check(cuMemcpyDtoH(Pointer.to(staging.clear()), new Address(from + at), bytes),
                "copying from it");
            MemorySegment.copy(MemorySegment.ofBuffer(staging.clear()), 0, to, at, bytes);
        }
    }

    @Override
    public void copy(long to, long from, long bytes) {
        enter();
        check(cuMemcpyDtoD(new Address(to), new Address(from), bytes), "copying on it");
    }

    @Override
    public void clear(long at, long bytes) {
        enter();
        if (bytes > 0) check(cuMemsetD8(new Address(at), (byte) 0, bytes), "clearing memory");
    }

    @Override
    public void launch(Object kernel, int x, int y, int z, int threads, Arguments arguments) {
        enter();
        check(cuLaunchKernel((CUfunction) kernel, x, y, z, threads, 1, 1, 0, null,
            Pointer.to(arguments.addresses()), null), "launching a kernel");
    }

    @Override
    public void close() {
        enter();
        if (loaded) cuModuleUnload(module);
        cuDevicePrimaryCtxRelease(device);
    }

    /// A device pointer with a known number: so far from the null pointer.
    private static final class Address extends CUdeviceptr {
        Address(long value) {
            super(new CUdeviceptr(), value);
        }

        long value() {
            return getNativePointer() + getByteOffset();
        }
    }
}
