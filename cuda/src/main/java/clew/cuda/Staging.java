package clew.cuda;

import static clew.cuda.Status.check;
import static jcuda.driver.JCudaDriver.cuEventDestroy;
import static jcuda.driver.JCudaDriver.cuEventRecord;
import static jcuda.driver.JCudaDriver.cuEventSynchronize;
import static jcuda.driver.JCudaDriver.cuMemHostRegister;
import static jcuda.driver.JCudaDriver.cuMemHostUnregister;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoHAsync;
import static jcuda.driver.JCudaDriver.cuMemcpyHtoDAsync;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import jcuda.Pointer;
import jcuda.driver.CUevent;
import jcuda.driver.CUresult;

/// Copies through two buffers that the card reads by itself: one is filled while the other is on its way.
///
/// Where the system does not lock their pages the driver copies them first, and nothing overlaps.
final class Staging implements AutoCloseable {
    private static final int BUFFERS = 2, CHUNK = 1 << 22;

    private final Streams.Stream stream;
    private final Buffer[] buffers = new Buffer[BUFFERS];
    private int next;

    /// A buffer, and what its last copy ends with.
    private record Buffer(ByteBuffer bytes, CUevent copied, boolean isLocked) {
        static Buffer make() {
            var bytes = ByteBuffer.allocateDirect(CHUNK);
            return new Buffer(bytes, Streams.event(),
                cuMemHostRegister(Pointer.to(bytes), CHUNK, 0) == CUresult.CUDA_SUCCESS);
        }

        void free() {
            cuEventDestroy(copied);
            if (isLocked) cuMemHostUnregister(Pointer.to(bytes));
        }

        /// Waits until nobody reads it.
        void await() {
            check(cuEventSynchronize(copied), "copying");
        }

        MemorySegment segment() {
            return MemorySegment.ofBuffer(bytes);
        }
    }

    Staging(Streams.Stream stream) {
        this.stream = stream;
        for (int i = 0; i < BUFFERS; i++) buffers[i] = Buffer.make();
    }

    void upload(long to, MemorySegment from) {
        for (long at = 0; at < from.byteSize(); at += CHUNK) {
            var bytes = Math.min(CHUNK, from.byteSize() - at);
            var buffer = free();
            MemorySegment.copy(from, at, buffer.segment(), 0, bytes);
            check(cuMemcpyHtoDAsync(new Address(to + at), Pointer.to(buffer.bytes()), bytes, stream), "copying to it");
            check(cuEventRecord(buffer.copied(), stream), "recording an event");
        }
    }

    void download(MemorySegment to, long from) {
        for (long at = 0; at < to.byteSize(); at += CHUNK) {
            var bytes = Math.min(CHUNK, to.byteSize() - at);
            var buffer = free();
            check(cuMemcpyDtoHAsync(Pointer.to(buffer.bytes()), new Address(from + at), bytes, stream),
                "copying from it");
            stream.await();
            MemorySegment.copy(buffer.segment(), 0, to, at, bytes);
        }
    }

    private Buffer free() {
        var buffer = buffers[next];
        next = (next + 1) % BUFFERS;
        buffer.await();
        return buffer;
    }

    @Override
    public void close() {
        for (var buffer : buffers) buffer.free();
    }
}
