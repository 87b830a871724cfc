package clew.cuda;

import static clew.cuda.Status.check;
import static jcuda.driver.JCudaDriver.cuEventCreate;
import static jcuda.driver.JCudaDriver.cuEventDestroy;
import static jcuda.driver.JCudaDriver.cuEventRecord;
import static jcuda.driver.JCudaDriver.cuStreamCreate;
import static jcuda.driver.JCudaDriver.cuStreamDestroy;
import static jcuda.driver.JCudaDriver.cuStreamSynchronize;
import static jcuda.driver.JCudaDriver.cuStreamWaitEvent;

import clew.cuda.Driver.Line;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;

/// The driver's streams behind the two lines, and an event of each for the other to wait for.
final class Streams implements AutoCloseable {
    private final Stream work = new Stream(), copies = new Stream();
    private final CUevent worked = event(), copied = event();

    /// A stream that tells its handle. It does not wait for the default stream.
    static final class Stream extends CUstream {
        private Stream() {
            check(cuStreamCreate(this, CUstream_flags.CU_STREAM_NON_BLOCKING), "making a stream");
        }

        long handle() {
            return getNativePointer();
        }

        void await() {
            check(cuStreamSynchronize(this), "working");
        }
    }

    static CUevent event() {
        var event = new CUevent();
        check(cuEventCreate(event, CUevent_flags.CU_EVENT_DISABLE_TIMING), "making an event");
        return event;
    }

    Stream work() {
        return work;
    }

    Stream copies() {
        return copies;
    }

    /// An event that is recorded again stands for the later point only to who waits from then on.
    void order(Line first) {
        var event = first == Line.WORK ? worked : copied;
        check(cuEventRecord(event, first == Line.WORK ? work : copies), "recording an event");
        check(cuStreamWaitEvent(first == Line.WORK ? copies : work, event, 0), "waiting for an event");
    }

    @Override
    public void close() {
        cuEventDestroy(worked);
        cuEventDestroy(copied);
        cuStreamDestroy(work);
        cuStreamDestroy(copies);
    }
}
