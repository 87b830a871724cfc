package clew.app;

import clew.model.LanguageModel;
import clew.model.template.Chat;
import clew.model.template.ChatTemplates;
import clew.model.token.Encoding;
import clew.model.token.Token;
import clew.model.token.Tokenizer;
import clew.weights.Bundled;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Turns inputs into what a model reads, with the tokenizer and the chat template of its directory.
record Reader(Path model, Optional<Tokenizer> tokenizer, Optional<ChatTemplates> templates) {
    static Reader of(Path model, Optional<Tokenizer> tokenizer) {
        return new Reader(model, tokenizer, ChatTemplates.open(model));
    }

    static Reader of(LanguageModel model) {
        return of(model.path(), model.tokenizer());
    }

    /// The ids and what they stand for: offsets into the text, into what the template made of the messages, or into the
    /// decoding of the ids.
    ///
    /// @throws UsageException if what is needed for it is not in the directory
    Prompt read(Input input) {
        return switch (input) {
            case Input.Text(var text)     ->
                new Prompt(needed("a prompt in text").encode(text), List.of(), List.of()).with(this::doubled);
            case Input.Ids(var list)      -> {
                var ids = list.stream().mapToInt(i -> i).toArray();
                var encoding = new Encoding(ids, tokenizer.map(t -> t.describe(ids)).orElseGet(() -> bare(ids)));
                yield new Prompt(encoding, List.of(), List.of());
            }
            case Input.Messages(var chat) -> chat(chat).with(this::doubled);
        };
    }

    /// The same for a model, which wants one id at least.
    Prompt forModel(Input input) {
        var prompt = input instanceof Input.Text ? read(input).with(this::plain) : read(input);
        if (prompt.size() == 0) throw new UsageException("the prompt yields no ids; give it at least one token");
        return prompt;
    }

    private Prompt chat(Chat chat) {
        var used = needed("a chat");
        var rendered = templates.orElseThrow(() -> new UsageException(model + " has no chat template, which messages"
            + " need; give the prompt as text, or add the model's chat_template.jinja"))
            .render(chat, LocalDateTime.now());
        var encoding = used.encodePlain(rendered.text());
        return new Prompt(encoding, rendered.roles(encoding), List.of());
    }

    /// The ids of the input with more text behind it, which are not always those of the two apart; of ids nothing is
    /// known.
    Optional<int[]> joined(Input input, String more) {
        return switch (input) {
            case Input.Text(var text)     -> tokenizer.map(t -> t.encode(text + more).ids());
            case Input.Ids _              -> Optional.empty();
            case Input.Messages(var chat) -> tokenizer.map(t -> t.encodePlain(templates.orElseThrow()
                .render(chat, LocalDateTime.now()).text() + more).ids());
        };
    }

    private Tokenizer needed(String what) {
        return tokenizer.orElseThrow(() -> needed(model, what));
    }

    static UsageException needed(Path model, String what) {
        return new UsageException(model + " has no tokenizer files, which " + what
            + " needs; add its tokenizer.json, or give --ids and --target-id");
    }

    private List<String> plain(Prompt prompt) {
        var warnings = new ArrayList<>(prompt.warnings());
        if (templates.isPresent() && !Bundled.isOne(model))
            warnings.add("the model was trained on chats and the prompt is plain text; give messages with --chat, so"
                + " that its template is used");
        return warnings;
    }

    /// A beginning that stands there twice: once by the text or the template, once by the tokenizer.
    private List<String> doubled(Prompt prompt) {
        var ids = prompt.ids();
        var bos = tokenizer.map(Tokenizer::bosId).filter(id -> id.isPresent());
        if (bos.isEmpty() || ids.length < 2 || ids[0] != bos.get().getAsInt() || ids[1] != ids[0]) return List.of();
        return List.of("the prompt begins with " + prompt.encoding().tokens().getFirst().text()
            + " twice; leave it out of the text, it is added anyway");
    }

    private static List<Token> bare(int[] ids) {
        return IntStream.range(0, ids.length)
            .mapToObj(i -> new Token(i, ids[i], Integer.toString(ids[i]), Integer.toString(ids[i]), -1, -1, false))
                .toList();
    }
}
