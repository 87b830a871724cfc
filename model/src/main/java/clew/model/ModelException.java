package clew.model;

/// A model that cannot be opened or an input that it cannot take; the message is one sentence for its user.
public final class ModelException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ModelException(String sentence) {
        super(sentence);
    }
}
