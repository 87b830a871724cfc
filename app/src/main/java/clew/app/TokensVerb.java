package clew.app;

import clew.attribution.render.Visible;
import clew.model.token.Encoding;
import clew.model.token.Token;
import clew.model.token.Tokenizer;
import clew.weights.Bundled;
import clew.weights.ModelDirectory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `clew tokens`: how the tokenizer cuts a text up. Needs the tokenizer's files only.
@Command(name = "tokens", description = "Show the tokens of a text.")
final class TokensVerb implements Callable<Integer> {
    private final Io io;

    @Spec CommandSpec spec = CommandSpec.create();
    @Option(names = "--model", paramLabel = "DIR|NAME",
            description = "a directory with tokenizer files, demo (default) or demo-gpt2,"
                + " or a name in the local Hugging Face cache")
    String model = Bundled.NAMES.getFirst();

    @Mixin PromptOptions prompt = new PromptOptions();
    @Mixin OutputOptions output = new OutputOptions();

    @Option(names = "--no-special", description = "without the tokens that the template adds")
    boolean noSpecial;

    @Option(names = "--format", paramLabel = "FORMAT", description = "text (default) or json")
    @Nullable String format;

    TokensVerb(Io io) {
        this.io = io;
    }

    @Override
    public Integer call() {
        var given = prompt.in(Given.of(spec.commandLine().getParseResult()), io);
        var to = output.output(io);
        if (prompt.jsonl != null) return lines(prompt.jsonl, given, to);
        var chosen = Format.of(format, Format.TEXT, Format.JSON);
        var request = TokensRequest.of(given);
        var dir = directory();
        var tokenizer = Tokenizer.open(dir);
        var read = request.on(Reader.of(dir, Optional.of(tokenizer)), tokenizer);
        read.warnings().forEach(w -> output.note(io, w));
        to.write(chosen == Format.JSON ? json(null, tokenizer, read.encoding())
            : table(read).getBytes(StandardCharsets.UTF_8));
        return Failure.SUCCESS;
    }

    private Path directory() {
        return ModelDirectory.locate(model, io.env(), io.home());
    }

    private int lines(String source, Given given, Output to) {
        JsonLines.requireJson(format);
        try (var progress = output.progress(io)) {
            var dir = directory();
            var tokenizer = Tokenizer.open(dir);
            var work = new Lines(tokenizer, Reader.of(dir, Optional.of(tokenizer)));
            return new JsonLines(io, work, given, progress, e -> output.trace(io, e)).run(source, to);
        }
    }

    private record Lines(Tokenizer tokenizer, Reader reader) implements JsonLines.Work {
        @Override
        public Set<Key> keys() {
            return TokensRequest.KEYS;
        }

        @Override
        public JsonLines.Job job(Given given) {
            var request = TokensRequest.of(given);
            return JsonLines.Job.of(name -> json(name, tokenizer, request.on(reader, tokenizer).encoding()));
        }
    }

    private static byte[] json(@Nullable String name, Tokenizer tokenizer, Encoding encoding) {
        return JsonText.object(name, g -> {
            JsonText.ids(g, "ids", encoding.ids());
            JsonText.tokens(g, "tokens", encoding.tokens());
            JsonText.text(g, "decoded", tokenizer.decode(encoding.ids()));
            JsonText.text(g, "decodedSkipSpecial", tokenizer.decodeSkipSpecial(encoding.ids()));
        });
    }

    /// A chat's tokens with the roles of those who wrote them.
    private static String table(Prompt read) {
        var chat = !read.roles().isEmpty();
        var out = new StringBuilder("index       id  start    end  " + (chat ? "role       " : "") + "text\n");
        for (var t : read.encoding().tokens())
            out.append("%5d  %7d  %5d  %5d  %s%s%s\n".formatted(t.index(), t.id(), t.start(), t.end(),
                chat ? "%-9s  ".formatted(read.roles().get(t.index()).label()) : "", Visible.alone(t.text()), note(t)));
        return out.toString();
    }

    /// Part of a character is unreadable; its piece says which part.
    private static String note(Token t) {
        if (t.special()) return "  (special)";
        return t.text().indexOf('\uFFFD') >= 0 ? "  " + Visible.of(t.piece()) : "";
    }
}
