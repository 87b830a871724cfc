package clew.app;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What the model reads.
final class PromptOptions {
    /// More than the positions of any model.
    private static final int LONGEST = 64 << 20;

    @Parameters(arity = "0..1", paramLabel = "PROMPT",
        description = "the text, tokenised as the tokenizer says; - is standard input, as it is")
    @Nullable String prompt;

    @Option(names = "--prompt-file", paramLabel = "FILE", description = "the text is in this file (UTF-8), as it is")
    @Nullable String file;

    @Option(names = "--ids", paramLabel = "N,N,…",
        description = "token ids instead of text; nothing is added to them")
    @Nullable String ids;

    @Option(names = "--chat", paramLabel = "FILE|-",
        description = "messages in JSON, which the model's chat template makes a prompt of: [{\"role\": \"user\", "
            + "\"content\": \"…\"}], or {\"messages\": […], \"tools\": […], …}")
    @Nullable String chat;

    @Option(names = "--jsonl", paramLabel = "FILE|-",
        description = "many inputs: one JSON object per line with prompt, ids or messages, and options in camelCase")
    @Nullable String jsonl;

    /// The options, and the prompt wherever it stands.
    Given in(Given options, Io io) {
        var sources = Stream
            .of(prompt == null ? "" : "PROMPT", file == null ? "" : "--prompt-file", ids == null ? "" : "--ids",
            chat == null ? "" : "--chat", jsonl == null ? "" : "--jsonl").filter(s -> !s.isEmpty()).toList();
        if (sources.size() > 1)
            throw new UsageException(String.join(" and ", sources) + " exclude each other; give one of them");
        if (file != null) return options.with(Key.PROMPT, read("--prompt-file", file), "--prompt-file");
        if (chat != null)
            return options.with(Key.MESSAGES, chat.equals("-") ? read(io.in(), "standard input") : read("--chat", chat),
                "--chat");
        if (prompt == null) return options;
        return options.with(Key.PROMPT, prompt.equals("-") ? read(io.in(), "standard input") : prompt, "PROMPT");
    }

    private static String read(String option, String file) {
        try (var in = Files.newInputStream(Path.of(file))) {
            return read(in, file);
        } catch (InvalidPathException _) {
            throw new UsageException(option + " '" + file + "' is not the name of a file; name one");
        } catch (IOException e) {
            throw new UsageException(option + " " + file + " cannot be read (" + Output.reason(e)
                + "); name another file");
        }
    }

    private static String read(InputStream in, String name) {
        try {
            var bytes = in.readNBytes(LONGEST + 1);
            if (bytes.length > LONGEST)
                throw new UsageException(name + " has more than " + (LONGEST >> 20)
                    + " MB, too much for a prompt; shorten it");
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException _) {
            throw new UsageException(name + " is not valid UTF-8; convert it with iconv");
        } catch (IOException e) {
            throw new UsageException(name + " cannot be read (" + Output.reason(e) + "); name another file");
        }
    }
}
