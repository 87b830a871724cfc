package clew.cuda;

import clew.engine.kernel.DeviceException;
import clew.engine.kernel.Devices;
import clew.engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;

/// A process of its own on the driver that it finds: opens the device, copies, fills the card, closes it, and has auto
/// choose.
final class OnDriver {
    /// More than two of the driver's buffers of 4 MB.
    private static final int COPIED = 2_500_000;

    private OnDriver() {}

    public static void main(String[] args) throws Throwable {
        try (var device = Devices.open("cuda", 1)) {
            System.out.println(device.what());
            var random = new SplittableRandom(1);
            var data = new float[COPIED];
            for (int i = 0; i < COPIED; i++) data[i] = random.nextInt(1000);
            var k = device.kernels();
            var x = k.scale(Tensor.of(data, 1, COPIED), 1);
            System.out.println("copies " + Arrays.equals(data, x.toFloats()));
            try {
                System.out.println(k.placeRows(x, new int[] {0}, 120).shape());
            } catch (DeviceException e) {
                System.out.println(e.getMessage());
            }
        }
        for (int size : new int[] {100, 300, 600})
            try (var device = Devices.open("auto", 1, (long) size << 20)) {
                System.out.println("auto " + size + " MB " + device.name());
            }
        System.out.println("left " + left());
    }

    /// What the driver has not got back.
    @SuppressWarnings("restricted")
    private static long left() throws Throwable {
        var counter = SymbolLookup.libraryLookup("libcuda.so.1", Arena.global()).findOrThrow("clew_left");
        return (long) Linker.nativeLinker().downcallHandle(counter, FunctionDescriptor.of(ValueLayout.JAVA_LONG))
            .invokeExact();
    }
}
