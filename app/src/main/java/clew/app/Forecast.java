package clew.app;

import clew.engine.kernel.CountingKernels;
import clew.engine.kernel.ScalarKernels;
import clew.model.LanguageModel;
import clew.model.Run;
import clew.model.Watcher;
import clew.weights.QuantisedWeights;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/// What work will take, from going through its steps once on a device that only counts.
final class Forecast implements Watcher {
    /// Java itself: its classes, the code that it compiles, its young generation, and what a device keeps to use again.
    private static final long JAVA = 300L << 20;

    private final LanguageModel model;
    private final CountingKernels device = new CountingKernels();
    private final BooleanSupplier enough;
    private double[] work = new double[1024];                             // done after each step
    private int steps;
    private long sequences, widened, mostWidened;
    private double all;

    /// There are more steps than it is worth to go through.
    private static final class Abandoned extends RuntimeException {
        private static final long serialVersionUID = 1;

        Abandoned() {
            super("more steps than are worth counting", null, false, false);
        }
    }

    private Forecast(LanguageModel model, BooleanSupplier enough) {
        this.model = model;
        this.enough = enough;
    }

    /// @param reached what share of the work has been gone through, about: by it the rest is reckoned, if it is left
    /// @param enough  whether to leave the rest
    static Forecast of(LanguageModel model, Consumer<LanguageModel> work, ToDoubleFunction<Forecast> reached,
                       BooleanSupplier enough) {
        var forecast = new Forecast(model, enough);
        try {
            work.accept(model.on(forecast.device).watched(forecast));
            forecast.all = forecast.device.work();
        } catch (RuntimeException _) {                                    // a fault is for the work itself to tell
            forecast.all = forecast.device.work() / Math.min(1, reached.applyAsDouble(forecast));
        }
        return forecast;
    }

    /// Besides what is borrowed there are the doubles that a pass is made of, or that its numbers go into.
    @Override
    public void ran(Run run) {
        sequences += run.pass().sequences();
        mostWidened = Math.max(mostWidened, device.widened() - widened);
        widened = device.widened();
    }

    /// What the work needs: Java itself, the weights, and the most numbers that are held at once.
    long bytes() {
        var weights = model.quantised().map(QuantisedWeights::bytes).orElseGet(() -> model.checkpoint().bytes());
        return JAVA + weights + numbers();
    }

    /// Bytes of the most numbers that are held at once.
    long numbers() {
        return mostWidened + device.mostLent() * (model.kernels() instanceof ScalarKernels ? 2 : 1);
    }

    @Override
    public void step() {
        if (steps == work.length) work = Arrays.copyOf(work, 2 * steps);
        work[steps++] = device.work();
        if (enough.getAsBoolean()) throw new Abandoned();
    }

    /// Steps gone through.
    int steps() {
        return steps;
    }

    /// Sequences gone through.
    long sequences() {
        return sequences;
    }

    /// Which share of the work so many steps are.
    double share(double done) {
        if (done == 0 || steps == 0) return 0;
        return Math.min(1, done <= steps ? work[(int) done - 1] / all : work[steps - 1] / all * done / steps);
    }
}
