package clew.bench;

import clew.model.token.Encoding;
import clew.model.token.Tokenizer;
import clew.training.world.World;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullUnmarked;
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

/// How long does a million characters take: of prose, and without a space, which a pre-tokenizer cuts hardly or not at
/// all, so that what is not linear in time shows? Seconds per text, the first one in a fresh process included.
@NullUnmarked                                                                  // JMH fills the fields
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 5)
@Fork(1)
public class TokenizerBenchmark {
    private static final int LENGTH = 1_000_000;

    /// What the text is made of.
    public enum Text {
        /// What the micro-world writes.
        PROSE {
            @Override
            String write() {
                return World.of(1).training(LENGTH / 80).stream().map(clew.training.world.Text::text)
                    .collect(Collectors.joining("\n")).substring(0, LENGTH);
            }
        },
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
                return drawn(LENGTH, 'a', 'z' + 1);
            }
        },
        /// Digits, drawn: pieces of one digit, of three, or one piece of all.
        DIGITS {
            @Override
            String write() {
                return drawn(LENGTH, '0', '9' + 1);
            }
        },
        /// Marks of ASCII, drawn.
        MARKS {
            @Override
            String write() {
                return drawn(4 * LENGTH, '!', '~' + 1).replaceAll("[0-9A-Za-z]", "").substring(0, LENGTH);
            }
        },
        /// Chinese characters, drawn; three bytes each.
        CHINESE {
            @Override
            String write() {
                return drawn(LENGTH / 3, 0x4E00, 0x9FA6);
            }
        };

        abstract String write();

        private static String drawn(int length, int from, int to) {
            return new Random(1).ints(length, from, to)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
        }
    }

    /// `demo`, or one that lies in `../shared/tokenizers` or where `CLEW_SHARED` points.
    @Param({"demo", "gpt2", "llama3", "qwen2.5", "tinyllama", "mistral"})
    public String tokenizer;

    @Param({"PROSE", "WORD", "LETTER", "LETTERS", "DIGITS", "MARKS", "CHINESE"})
    public Text text;

    private Tokenizer opened;
    private String written;

    /// Needed by JMH.
    public TokenizerBenchmark() {}

    @Setup
    public void open() {
        var shared = Path.of(System.getenv().getOrDefault("CLEW_SHARED", "../shared"));
        opened = Tokenizer.open(tokenizer.equals("demo") ? BenchModels.directory(tokenizer)
            : shared.resolve("tokenizers").resolve(tokenizer));
        written = text.write();
    }

    @Benchmark
    public Encoding encode() {
        return opened.encode(written);
    }
}
