package clew.training.demo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.engine.kernel.Devices;
import clew.model.Models;
import clew.training.AdamW;
import clew.training.Schedule;
import clew.training.world.Edition;
import clew.training.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A course's files depend on its recipe alone, and what it writes opens as a model.
final class CourseTest {
    private static final Recipe TINY = new Recipe("tiny", Recipe.DEMO.config()
        .replaceAll("\"hidden_size\": \\d+", "\"hidden_size\": 16")
        .replaceAll("\"num_hidden_layers\": \\d+", "\"num_hidden_layers\": 1")
        .replaceAll("\"intermediate_size\": \\d+", "\"intermediate_size\": 24")
        .replaceAll("\"vocab_size\": \\d+", "\"vocab_size\": 400"), 1, Optional.empty(), 7, Edition.FIRST, 300, 400,
        512, List.of(new Recipe.Cycle(new Schedule(1e-2, 1e-3, 2, 0, 3), 1),
            new Recipe.Cycle(new Schedule(1e-2, 1e-3, 0, 1, 3), 2)), new AdamW.Options(0.9, 0.95, 1e-8, 0.1), 1);

    @TempDir Path folder;

    @Test
    void filesAreBitIdenticalForAnyNumberOfThreadsAndInterruptions() throws IOException {
        var whole = folder.resolve("whole");
        train(whole, 1, 6);
        var parts = folder.resolve("parts");
        train(parts, 3, 2);
        train(parts, 2, 4);
        train(parts, 1, 6);
        for (var file : new String[] {"config.json", "tokenizer.json", "model.safetensors", "tokenizer_config.json",
            "generation_config.json"})
            assertArrayEquals(Files.readAllBytes(whole.resolve(file)), Files.readAllBytes(parts.resolve(file)), file);
    }

    @Test
    void goesOnWithOtherKernelsAsIfNothingHadChanged() {
        try (var one = Devices.open("simd", 1); var two = Devices.open("simd", 2)) {
            var same = Course.in(folder.resolve("same"), TINY, one.kernels());
            var changed = Course.in(folder.resolve("changed"), TINY, one.kernels());
            for (int t = 0; t < 6; t++) {
                same.advance();
                if (t == 3) changed.on(two.kernels());
                changed.advance();
            }
            assertEquals(same.losses(), changed.losses());
            assertEquals(6, changed.losses().size());
        }
    }

    @Test
    void anotherPartBeginsWithTheFilesOfTheOneBefore() throws IOException {
        var first = folder.resolve("tiny");
        train(first, 2, 6);
        var second = folder.resolve("more");
        var more = TINY.then("more", Edition.SECOND, 300,
            List.of(new Recipe.Cycle(new Schedule(0, 0, 0, 0, 1), 1)));
        try (var device = Devices.open("simd", 1)) {
            var course = Course.in(second, more, device.kernels());
            course.advance();                                               // at rate 0: the weights stay
            ModelFolder.write(second, course);
        }
        for (var file : new String[] {"config.json", "tokenizer.json", "model.safetensors"})
            assertArrayEquals(Files.readAllBytes(first.resolve(file)), Files.readAllBytes(second.resolve(file)), file);
    }

    @Test
    void theFolderOpensAndSitsTheExam() {
        train(folder.resolve("tiny"), 2, 6);
        try (var device = Devices.open("simd", 1);
             var model = Models.open(folder.resolve("tiny"), device.kernels())) {
            var marks = new Exam(model, World.of(7)).marks(2);
            assertEquals(13, marks.size());
            assertTrue(marks.stream().allMatch(m -> m.asked() == 2 && m.accuracy() <= 1), marks.toString());
            assertEquals(0, model.tokenizer().orElseThrow().bosId().orElseThrow());
        }
    }

    private static void train(Path folder, int threads, int steps) {
        try (var device = Devices.open("simd", threads)) {
            var course = Course.in(folder, TINY, device.kernels());
            while (course.step() < steps) course.advance();
            course.save();
            ModelFolder.write(folder, course);
        }
    }
}
