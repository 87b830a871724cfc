import com.github.tjake.jlama.model.AbstractModel;
import com.github.tjake.jlama.model.ModelSupport;
import com.github.tjake.jlama.safetensors.DType;
import com.github.tjake.jlama.tensor.KvBufferCache;
import java.io.File;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Scanner;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// One task per line of standard input on one model directory, timed: `prefill T` and `decode T N` of
/// clew.bench.ModelServer, by Jlama; `greedy N IDS…` answers with N token ids instead. Run as a source file,
/// `java -cp JLAMA JlamaServer.java DIR THREADS`.
///
/// Jlama computes in f32 on weights as they are stored. The directory needs a `tokenizer.json`, which it opens though
/// nothing is tokenised here.
public final class JlamaServer {
    private final AbstractModel model;

    private JlamaServer(AbstractModel model) {
        this.model = model;
    }

    public static void main(String[] args) {
        var dir = new File(args[0]);
        var server = new JlamaServer(ModelSupport.loadModel(dir, dir, DType.F32, DType.F32, Optional.empty(),
            Optional.of(Integer.parseInt(args[1]))));
        try (var in = new Scanner(System.in)) {
            while (in.hasNextLine()) System.out.println(server.answer(in.nextLine().split(" ")));
        }
    }

    private String answer(String[] task) {
        var numbers = Stream.of(task).skip(1).mapToInt(Integer::parseInt).toArray();
        return switch (task[0]) {
            case "prefill" -> "" + run(drawn(numbers[0]), 1).read();
            case "decode"  -> "" + run(drawn(numbers[0]), numbers[1]).each();
            case "greedy"  -> run(Arrays.stream(numbers).skip(1).toArray(), numbers[0]).said().stream()
                .map(String::valueOf).collect(Collectors.joining(" "));
            default -> throw new IllegalArgumentException("task " + task[0]);
        };
    }

    private int[] drawn(int count) {
        return new Random(count).ints(count, 0, model.getConfig().vocabularySize).toArray();
    }

    /// Seconds for the prompt and for each token behind the first, and the tokens.
    private record Said(double read, double each, List<Integer> said) {}

    private Said run(int[] prompt, int count) {
        try (var cache = new KvBufferCache(model); var memory = cache.getEphemeralKvBuffer();
             var logits = model.makeDenseTensor(model.getConfig().vocabularySize)) {
            var said = new ArrayList<Integer>();
            long start = System.nanoTime(), first = start;
            var next = prompt;
            for (int at = 0; said.size() < count; at += next.length, next = new int[] {said.getLast()}) {
                try (var rows = model.batchForward(next, at, memory)) {
                    said.add(model.sample(rows.slice(rows.shape().first() - 1), 0, 0, logits));
                }
                if (said.size() == 1) first = System.nanoTime();
            }
            return new Said((first - start) * 1e-9, (System.nanoTime() - first) * 1e-9 / (count - 1), said);
        }
    }
}
