package clew.model.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.ThrowingSupplier;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A damaged tokenizer.json is refused in one sentence, or it means here what it means to Hugging Face's library: no
/// crash, no hang, no wrong accept. `-Dclew.seconds=600` says for how long, `-Dclew.seed=N` with which damages.
///
/// What was ever found lies in the folder `findings` of the test resources and is tried in every run.
final class TokenizerJsonFuzzTest {
    private static final long SECONDS = Long.getLong("clew.seconds", 5);
    private static final long SEED = Long.getLong("clew.seed", 20261125);
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Path FINDINGS = Path.of("src/test/resources/clew/model/token/findings");
    private static final List<String> TEXTS = List.of("", "a", "  the Thé 123\n\n", "ab<|end|> <s>b [Ab5] Qu4",
        "▁a▁▁b Ġthe é", "🦙中文\u0301\u0000x", "don't I'LL a  b\tc");

    @TempDir
    private Path folder;

    @Test
    void damagedFilesAreRefusedOrMeanTheSame() throws IOException {
        var peer = peer();
        var mutations = new Mutations(SEED, files(peer));
        long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
        var findings = new ArrayList<String>();
        int tried = 0, accepted = 0, ended = 0;
        for (; System.nanoTime() < end && findings.size() < 10; tried++) {
            var bytes = mutations.next();
            try {
                if (isAccepted(bytes, peer)) accepted++;
            } catch (UncheckedIOException _) {                           // the library crashed, as on very long pieces
                ended++;
                peer.close();
                peer = peer();
            } catch (AssertionError | RuntimeException e) {
                var kept = Files.createDirectories(Path.of("target/fuzz")).resolve(SEED + "-" + tried + ".json");
                findings.add(Files.write(kept, bytes) + ": " + e);
            }
        }
        peer.close();
        System.err.println("fuzz: seed " + SEED + ", " + tried + " damaged tokenizers, " + accepted
            + " of them accepted, " + ended + " crashes of the other library");
        assertEquals(List.of(), findings);
    }

    private static Peer peer() {
        return Peer.start("hf_tokenizers.py", "tokenizers");
    }

    @ParameterizedTest
    @MethodSource("findings")
    void whatWasAcceptedWronglyIsRefused(Path finding) throws IOException {
        var file = Files.copy(finding, folder.resolve("tokenizer.json"));
        assertEquals(List.of(), Meaning.of(file, TEXTS));
    }

    static List<Path> findings() throws IOException {
        try (Stream<Path> files = Files.list(FINDINGS)) {
            return files.sorted().toList();
        }
    }

    private static List<String> files(Peer peer) {
        var files = new ArrayList<>(List.of(Tiny.byteLevel(), Tiny.byteFallback()));
        var strings = new Strings(1, List.of());
        var corpus = IntStream.range(0, 150).mapToObj(_ -> strings.next()).toList();
        for (var name : peer.greeting().get("builders")) {
            var built = peer.ask(Map.of("build", name.stringValue(), "corpus", corpus));
            if (built.get("json") != null) files.add(built.get("json").stringValue());
        }
        return files;
    }

    /// Whether the file is accepted, after a comparison of what it means.
    private boolean isAccepted(byte[] bytes, Peer peer) {
        var file = Meaning.write(folder, bytes);
        var ours = soon(() -> Meaning.of(file, TEXTS));
        if (ours.isEmpty()) return false;
        var theirs = peer.ask(Map.of("load", text(bytes)));
        assertTrue(theirs.get("error") == null, () -> "accepted, but the other library says " + theirs.get("error"));
        var rows = peer.ask(Map.of("texts", TEXTS));
        for (int i = 0; i < TEXTS.size(); i++)                           // a panic of theirs says nothing about us
            if (!rows.get(i).has("panic")) assertEquals(Meaning.shown(rows.get(i)), ours.get(i), TEXTS.get(i));
        return true;
    }

    /// What takes too long gets a second chance: the machine may have been busy.
    private static List<String> soon(ThrowingSupplier<List<String>> work) {
        try {
            return assertTimeoutPreemptively(LIMIT, work);
        } catch (AssertionError _) {
            return assertTimeoutPreemptively(LIMIT, work);
        }
    }

    private static String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new AssertionError("accepted, but it is no UTF-8", e);
        }
    }
}
