package clew.bench.suite;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;

/// How long an operation of a benchmark took.
///
/// @param benchmark  the class
/// @param method     what of it
/// @param parameters and under which values, the vectors' width among them where it was held
/// @param seconds    the mean of an operation
/// @param error      half of the 99.9 % interval; NaN of a single measurement
record Measured(String benchmark, String method, Map<String, String> parameters, double seconds, double error) {
    static Measured of(RunResult result) {
        var p = result.getParams();
        var name = p.getBenchmark();
        var dot = name.lastIndexOf('.');
        var parameters = new LinkedHashMap<String, String>();
        for (var key : p.getParamsKeys()) parameters.put(key, p.getParam(key));
        Species.of(p.getJvmArgs()).ifPresent(s -> parameters.put("vector bits", Integer.toString(s.bits())));
        double score = result.getPrimaryResult().getScore(), error = result.getPrimaryResult().getScoreError();
        var unit = (double) p.getTimeUnit().toNanos(1) / TimeUnit.SECONDS.toNanos(1);
        var seconds = p.getMode() == Mode.Throughput ? unit / score : score * unit;
        return new Measured(name.substring(name.lastIndexOf('.', dot - 1) + 1, dot), name.substring(dot + 1),
            parameters, seconds, error / score * seconds);
    }

    /// What a second of it is worth, in words; a dash where the time says all.
    String speed() {
        return Rate.of(benchmark, parameters).map(rate -> rate.in(seconds)).orElse("–");
    }

    String time() {
        return time(seconds);
    }

    String interval() {
        return Optional.of(error).filter(Double::isFinite).map(Measured::time).orElse("–");
    }

    private static String time(double seconds) {
        return seconds >= 1    ? String.format(Locale.ROOT, "%.2f s", seconds)
             : seconds >= 1e-3 ? String.format(Locale.ROOT, "%.2f ms", seconds * 1e3)
                               : String.format(Locale.ROOT, "%.2f µs", seconds * 1e6);
    }
}
