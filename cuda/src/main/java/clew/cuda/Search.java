package clew.cuda;

import static clew.cuda.Status.check;
import static jcuda.driver.JCudaDriver.cuDeviceGet;
import static jcuda.driver.JCudaDriver.cuDeviceGetAttribute;
import static jcuda.driver.JCudaDriver.cuDeviceGetCount;
import static jcuda.driver.JCudaDriver.cuDeviceGetName;
import static jcuda.driver.JCudaDriver.cuDeviceTotalMem;
import static jcuda.driver.JCudaDriver.cuInit;
import static jcuda.driver.JCudaDriver.setExceptionsEnabled;

import clew.engine.kernel.DeviceException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Optional;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUresult;

/// Looks for cards through JCuda.
final class Search {
    private Search() {}

    /// No error of a library passes.
    static Found find() {
        try (var arena = Arena.ofConfined()) {
            if (library(arena).isEmpty())
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

    /// The driver's library, if the system has it: asked first, because JCuda unpacks its own before it can tell.
    @SuppressWarnings("restricted")
    static Optional<SymbolLookup> library(Arena arena) {
        var windows = System.getProperty("os.name").startsWith("Windows");
        try {
            return Optional.of(SymbolLookup.libraryLookup(windows ? "nvcuda.dll" : "libcuda.so.1", arena));
        } catch (IllegalArgumentException | IllegalCallerException _) {
            return Optional.empty();
        }
    }

    static CUdevice device(int index) {
        var device = new CUdevice();
        check(cuDeviceGet(device, index), "asking for card " + index);
        return device;
    }

    static Card describe(CUdevice device) {
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
}
