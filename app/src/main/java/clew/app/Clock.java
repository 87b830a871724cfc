package clew.app;

import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// The time, and how much of it the compiler was at work, in nanoseconds.
record Clock(LongSupplier time, LongSupplier compiled) {
    static Clock system() {
        return new Clock(System::nanoTime, Clock::compiledSoFar);
    }

    private static long compiledSoFar() {
        var compiler = ManagementFactory.getCompilationMXBean();
        return compiler != null && compiler.isCompilationTimeMonitoringSupported()
            ? TimeUnit.MILLISECONDS.toNanos(compiler.getTotalCompilationTime()) : 0;
    }

    long now() {
        return time.getAsLong();
    }
}
