package clew.app;

import clew.engine.tensor.Tensor;
import clew.model.HookPoint;
import clew.model.LanguageModel;
import clew.model.Pass;
import clew.weights.SafeTensorsWriter;
import clew.weights.Tensors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `clew run`: activations at hook points, to a safetensors file.
@Command(name = "run", description = "Run the model and write activations to a safetensors file.")
final class RunVerb implements Callable<Integer> {
    private final Io io;

    @Spec CommandSpec spec = CommandSpec.create();
    @Mixin ModelOptions model = new ModelOptions();
    @Mixin PromptOptions prompt = new PromptOptions();
    @Mixin OutputOptions output = new OutputOptions();

    @Option(names = "--hook", paramLabel = "NAME,…",
        description = "hook points, logits by default; * stands for one part of a name: blocks.*.attn.hook_pattern; "
            + "clew inspect --hooks lists them")
    String hook = "logits";

    @Option(names = "--format", paramLabel = "FORMAT", description = "safetensors (default)")
    @Nullable String format;

    RunVerb(Io io) {
        this.io = io;
    }

    @Override
    public Integer call() {
        Format.of(format, Format.SAFETENSORS);
        if (prompt.jsonl != null) throw new UsageException("run takes one input; leave --jsonl out");
        var input = Input.of(prompt.in(Given.of(spec.commandLine().getParseResult()), io));
        var file = output.output(io).regular("run");
        var names = Arrays.stream(hook.split(",", -1)).map(String::strip).toArray(String[]::new);
        try (var device = model.device(io, output); var opened = model.open(io, device, output)) {
            var read = Reader.of(opened).forModel(input);
            read.warnings().forEach(w -> output.note(io, w));
            SafeTensorsWriter.write(file, tensors(opened, read.ids(), names), Map.of());
        }
        return Failure.SUCCESS;
    }

    private Map<String, Tensor> tensors(LanguageModel opened, int[] ids, String[] names) {
        var pass = Pass.of(ids).atAll().hooks(names).forgetting();
        UsageException.unless(() -> opened.require(pass));
        try (var run = opened.run(pass)) {
            var tensors = new LinkedHashMap<String, Tensor>();
            for (var point : run.declared()) {
                var tensor = run.export(point);
                warn(point, tensor);
                tensors.put(point.name(), tensor);
            }
            tensors.put("ids", Tensors.ofLongs(IntStream.of(ids).asLongStream().toArray()));
            return tensors;
        }
    }

    /// Masked scores are −∞ by definition; anything else that is not finite comes from the weights.
    private void warn(HookPoint point, Tensor tensor) {
        if (point.kind() != HookPoint.Kind.SCORES)
            Tensors.firstNonFinite(tensor)
                .ifPresent(bad -> output.note(io, point.name() + " has " + bad + ": the weights may be damaged"));
    }
}
