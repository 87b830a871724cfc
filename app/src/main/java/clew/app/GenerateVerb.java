package clew.app;

import clew.model.LanguageModel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `clew generate`: a continuation.
@Command(name = "generate", addMethodSubcommands = false,
    description = "Continue the prompt: the likeliest token each time, or one drawn as said.")
final class GenerateVerb implements Callable<Integer> {
    private final Io io;

    @Spec CommandSpec spec = CommandSpec.create();
    @Mixin ModelOptions model = new ModelOptions();
    @Mixin PromptOptions prompt = new PromptOptions();
    @Mixin OutputOptions output = new OutputOptions();

    @Option(names = "--max-new-tokens", paramLabel = "N", description = "how many tokens at most; 64 by default")
    @Nullable String maxNewTokens;

    @Option(names = "--ignore-eos", description = "go on behind an end-of-sequence token")
    boolean ignoreEos;

    @Mixin SamplingOptions sampling = new SamplingOptions();

    @Option(names = "--format", paramLabel = "FORMAT", description = "text (default) or json")
    @Nullable String format;

    GenerateVerb(Io io) {
        this.io = io;
    }

    @Override
    public Integer call() {
        var given = prompt.in(Given.of(spec.commandLine().getParseResult()), io);
        var to = output.output(io);
        if (prompt.jsonl != null) return lines(prompt.jsonl, given, to);
        var chosen = Format.of(format, Format.TEXT, Format.JSON);
        var request = GenerateRequest.of(given);
        try (var device = model.device(io, output); var opened = model.open(io, device, output);
             var progress = output.progress(io)) {
            OwnSettings.of(opened).notes().forEach(n -> output.note(io, n));
            if (chosen == Format.TEXT && to.forEyes() && opened.tokenizer().isPresent()) spoken(opened, request, to);
            else {
                var made = new Writer(opened, Reader.of(opened), progress).write(request, Optional.empty());
                progress.end();
                made.read().warnings().forEach(w -> output.note(io, w));
                to.write(chosen == Format.JSON ? made.json(null)
                    : (made.whole() + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        return Failure.SUCCESS;
    }

    /// To somebody who looks on, as it is made.
    private void spoken(LanguageModel opened, GenerateRequest request, Output to) {
        var writer = new Writer(opened, Reader.of(opened), Progress.silent(io));
        var made = writer.write(request, Optional.of(t -> to.print(t.getBytes(StandardCharsets.UTF_8))));
        to.print("\n".getBytes(StandardCharsets.UTF_8));
        made.read().warnings().forEach(w -> output.note(io, w));
    }

    private int lines(String source, Given given, Output to) {
        JsonLines.requireJson(format);
        GenerateRequest.of(given.with(Key.IDS, "0", Key.IDS.option()));
        try (var device = model.device(io, output); var opened = model.open(io, device, output);
             var progress = output.progress(io)) {
            OwnSettings.of(opened).notes().forEach(n -> output.note(io, n));
            var work = new Lines(new Writer(opened, Reader.of(opened), Progress.silent(io)));
            return new JsonLines(io, work, given, progress, e -> output.trace(io, e)).run(source, to);
        }
    }

    private record Lines(Writer writer) implements JsonLines.Work {
        @Override
        public Set<Key> keys() {
            return GenerateRequest.KEYS;
        }

        @Override
        public JsonLines.Job job(Given given) {
            var request = GenerateRequest.of(given);
            return JsonLines.Job.of(name -> writer.write(request, Optional.empty()).json(name));
        }
    }
}
