package clew.training.demo;

import clew.engine.tensor.DType;
import clew.engine.tensor.Tensor;
import clew.training.world.Specials;
import clew.weights.SafeTensorsWriter;
import clew.weights.Tensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// Writes a trained model as Hugging Face lays models out; a [Course] has put config.json and tokenizer.json there.
public final class ModelFolder {
    /// The file of the weights; it is written last of those that training makes.
    public static final String WEIGHTS = "model.safetensors";

    /// A turn is `<|user|> text<|end|>`; the reply begins behind `<|assistant|>`.
    private static final String CHAT = "{{ bos_token }}{% for message in messages %}{{ '<|' + message['role'] + '|> ' "
        + "+ message['content'] + '<|end|>' }}{% endfor %}"
        + "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}";

    private static final String TOKENIZER = """
        {
          "tokenizer_class": "PreTrainedTokenizerFast",
          "bos_token": "%s",
          "eos_token": "%s",
          "pad_token": "%s",
          "add_bos_token": true,
          "clean_up_tokenization_spaces": false,
          "model_max_length": %d,
          "chat_template": "%s"
        }
        """;

    private static final String GENERATION = """
        {
          "bos_token_id": 0,
          "eos_token_id": 1,
          "pad_token_id": 1,
          "do_sample": false
        }
        """;

    private ModelFolder() {}

    /// The weights in bf16, and what Hugging Face's libraries want beside them.
    public static void write(Path folder, Course course) {
        var tensors = new LinkedHashMap<String, Tensor>();
        course.parameters().all().entrySet().stream().sorted(Map.Entry.comparingByKey())
            .forEach(e -> tensors.put(e.getKey(), Tensors.as(e.getValue(), DType.BF16)));
        text(folder.resolve("tokenizer_config.json"), TOKENIZER.formatted(Specials.BEGIN, Specials.END, Specials.END,
            course.positions(), CHAT.replace("\"", "\\\"")));
        text(folder.resolve("generation_config.json"), GENERATION);
        SafeTensorsWriter.write(folder.resolve(WEIGHTS), tensors, Map.of("format", "pt"));
    }

    private static void text(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be written", e);
        }
    }
}
