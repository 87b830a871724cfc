package clew.bench;

import clew.bench.AttentionBenchmark.Form;
import clew.bench.AttentionBenchmark.Shape;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/// Runs fused attention in a virtual machine of its own until it is compiled, and prints how many arrays as large as
/// its queries one pass allocates.
///
/// A loop whose vectors the compiler leaves in boxes allocates 96 bytes for each of them: hundreds of megabytes for a
/// pass that needs four or ten, and takes ten times as long. To see it, no clock is read.
final class AttentionGate {
    /// Arrays that a pass may allocate, whether forward (5 when this was written) or back (13).
    static final int LIMIT = 16;

    private static final int TOKENS = 256;
    private static final int WIDTH = 768;
    /// Passes before the first look, so that nothing is left of what was compiled on the way.
    private static final int WARM_UP = 200;
    private static final int ROUND = 10;
    /// Processor time after which a pass that still allocates more is taken to stay so.
    private static final Duration PATIENCE = Duration.ofSeconds(25);

    private AttentionGate() {}

    /// Arguments: `forward` or `attnLrp`, and the number of threads.
    public static void main(String[] args) {
        var attention = new AttentionBenchmark();
        attention.shape = Shape.GPT2;
        attention.length = TOKENS;
        attention.form = Form.FUSED;
        attention.device = "simd";
        attention.threads = Integer.parseInt(args[1]);
        attention.open();
        try {
            Runnable pass = args[0].equals("forward") ? attention::forward : attention::attnLrp;
            var end = spent().plus(PATIENCE);
            allocation(pass, WARM_UP);
            double arrays;
            do arrays = allocation(pass, ROUND) / (4.0 * TOKENS * WIDTH);
            while (arrays > LIMIT && spent().compareTo(end) < 0);
            System.out.println(arrays);
        } finally {
            attention.close();
        }
    }

    /// Bytes that all threads allocate for one pass, the mean of `passes`.
    private static double allocation(Runnable pass, int passes) {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        var before = threads.getTotalThreadAllocatedBytes();
        for (int i = 0; i < passes; i++) pass.run();
        return (double) (threads.getTotalThreadAllocatedBytes() - before) / passes;
    }

    /// Processor time of this process so far; where the system does not say, what the clock says.
    private static Duration spent() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ofNanos(System.nanoTime()));
    }
}
