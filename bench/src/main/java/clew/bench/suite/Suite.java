package clew.bench.suite;

import clew.bench.BenchModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/// `./build bench [--full] [--record] [--species 512,256,128] [JMH OPTION]… [REGEX]…`: the benchmarks, one table each.
///
/// What JMH's options say goes before the profile. Every run leaves its JSON in `bench/target/results`; `--record` also
/// puts an entry into `bench/RESULTS.md`.
public final class Suite {
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HHmm");

    private Suite() {}

    /// What the command line says besides JMH's options.
    private record Request(boolean full, boolean record, List<Optional<Species>> species, CommandLineOptions jmh) {
        static Request parse(String... args) throws CommandLineOptionException {
            boolean full = false, record = false;
            var species = List.<Optional<Species>>of(Optional.empty());
            var jmh = new ArrayList<String>();
            for (int i = 0; i < args.length; i++)
                switch (args[i]) {
                    case "--full"   -> full = true;
                    case "--record" -> record = true;
                    case "--species" -> {
                        if (i + 1 == args.length) throw new IllegalArgumentException("--species 512,256,128");
                        species = Species.parse(args[++i]).stream().map(Optional::of).toList();
                    }
                    default -> jmh.add(args[i]);
                }
            return new Request(full, record, species, new CommandLineOptions(jmh.toArray(String[]::new)));
        }

        boolean asksOnly() {
            return jmh.shouldHelp() || jmh.shouldList() || jmh.shouldListWithParams() || jmh.shouldListProfilers()
                || jmh.shouldListResultFormats();
        }

        Profile profile() {
            return full ? Profile.FULL : Profile.brief(Runtime.getRuntime().availableProcessors());
        }
    }

    public static void main(String[] args) throws Exception {
        try {
            var request = Request.parse(args);
            if (request.asksOnly()) org.openjdk.jmh.Main.main(args);
            else run(request, String.join(" ", args));
        } catch (CommandLineOptionException | IllegalArgumentException | RunnerException e) {
            System.err.println("bench: " + e.getMessage());
            System.exit(2);
        }
    }

    private static void run(Request request, String line) throws Exception {
        var results = new ArrayList<RunResult>();
        for (var species : request.species())
            results.addAll(new Runner(options(request.jmh(), request.profile(), species).build()).run());
        var target = BenchModels.target();
        var machine = Machine.here(target.getParent());
        System.out.println("\n" + target.relativize(json(results, target, machine)) + " in " + target);
        var report = new Report(LocalDate.now(), request.full() ? "full" : "short", machine, flags(results),
            ("./build bench " + line).strip(), results.stream().map(Measured::of).toList());
        System.out.println("\n" + report.toMarkdown());
        if (request.record()) report.record(target.resolveSibling("RESULTS.md"));
    }

    /// The command line's options over the profile's: a profile says only what nobody else does.
    static OptionsBuilder options(CommandLineOptions jmh, Profile profile, Optional<Species> species) {
        var options = new OptionsBuilder();
        options.parent(jmh);
        profile.parameters().forEach((name, values) -> {
            if (!jmh.getParameter(name).hasValue()) options.param(name, values);
        });
        if (!jmh.getWarmupTime().hasValue()) profile.warmup().ifPresent(options::warmupTime);
        if (!jmh.getMeasurementTime().hasValue()) profile.measured().ifPresent(options::measurementTime);
        species.ifPresent(s -> {
            var flags = new ArrayList<>(jmh.getJvmArgsAppend().orElse(List.of()));
            flags.add(s.option());
            options.jvmArgsAppend(flags.toArray(String[]::new));
        });
        return options;
    }

    private static Path json(Collection<RunResult> results, Path target, Machine machine) throws IOException {
        var folder = Files.createDirectories(target.resolve("results"));
        var file = folder.resolve(LocalDateTime.now().format(STAMP) + "-" + machine.commit() + ".json");
        ResultFormatFactory.getInstance(ResultFormatType.JSON, file.toString()).writeOut(results);
        return file;
    }

    /// Those of the first run, the vectors' width aside, which is a column.
    private static String flags(Collection<RunResult> results) {
        return results.stream().findFirst().map(r -> r.getParams().getJvmArgs().stream()
            .filter(arg -> Species.of(List.of(arg)).isEmpty())).map(args -> String.join(" ", args.toList())).orElse("");
    }
}
