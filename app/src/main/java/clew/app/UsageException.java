package clew.app;

import clew.model.ModelException;
import java.util.function.Supplier;

/// What was asked for cannot be asked: exit code 2. The message is one sentence that names the option and the remedy.
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UsageException(String sentence) {
        super(sentence);
    }

    private UsageException(String sentence, RuntimeException cause) {
        super(sentence, cause);
    }

    /// The same for what returns nothing.
    static void unless(Runnable asked) {
        unless(() -> {
            asked.run();
            return true;
        });
    }

    /// What `asked` returns; what the model refuses there is the asker's mistake, such as an id beyond its vocabulary.
    static <T> T unless(Supplier<T> asked) {
        try {
            return asked.get();
        } catch (ModelException | IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        }
    }
}
