package clew.weights;

/// A file that cannot be used; the message is one sentence that names the file, what is wrong and the remedy.
public final class WeightsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public WeightsException(String sentence) {
        super(sentence);
    }

    public WeightsException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
