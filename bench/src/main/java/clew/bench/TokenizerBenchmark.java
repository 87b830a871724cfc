package clew.bench;

import clew.model.token.Encoding;
import clew.model.token.Tokenizer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// A million characters without a space, which a pre-tokenizer cuts hardly or not at all: what is not linear in time
/// shows here. Seconds per text, the first one in a fresh process included.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 5)
@Fork(value = 1, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
public class TokenizerBenchmark {
    private static final int LENGTH = 1_000_000;

    /// What the text is made of.
    public enum Text {
        /// `thethethe…`
        WORD {
            @Override
            String write() {
                return "the".repeat(LENGTH / 3 + 1);
            }
        },
        /// One letter.
        LETTER {
            @Override
            String write() {
                return "a".repeat(LENGTH);
            }
        },
        /// Letters of the Latin alphabet, drawn.
        LETTERS {
            @Override
            String write() {
                return new Random(1).ints(LENGTH, 'a', 'z' + 1)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
            }
        },
        /// Chinese characters, drawn; three bytes each.
        CHINESE {
            @Override
            String write() {
                return new Random(1).ints(LENGTH / 3, 0x4E00, 0x9FA6)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
            }
        };

        abstract String write();
    }

    @Param({"gpt2", "llama3", "qwen2.5", "tinyllama", "mistral"})
    public String name = "gpt2";

    @Param({"WORD", "LETTER", "LETTERS", "CHINESE"})
    public Text text = Text.WORD;

    private Optional<Tokenizer> tokenizer = Optional.empty();
    private String written = "";

    @Setup
    public void open() {
        var shared = Optional.ofNullable(System.getenv("CLEW_SHARED")).orElse("../shared");
        tokenizer = Optional.of(Tokenizer.open(Path.of(shared, "tokenizers", name)));
        written = text.write();
    }

    @Benchmark
    public Encoding encode() {
        return tokenizer.orElseThrow().encode(written);
    }
}
