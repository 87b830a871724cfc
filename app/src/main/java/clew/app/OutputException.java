package clew.app;

import java.io.IOException;

/// Results that could not be written.
final class OutputException extends RuntimeException {
    private static final long serialVersionUID = 1;

    OutputException(String sentence, IOException cause) {
        super(sentence, cause);
    }

    /// The reader has seen enough and closed the pipe; not a failure.
    static final class Closed extends RuntimeException {
        private static final long serialVersionUID = 1;

        Closed(IOException cause) {
            super("closed", cause);
        }
    }
}
