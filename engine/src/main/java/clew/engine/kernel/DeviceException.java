package clew.engine.kernel;

/// A device cannot go on: its memory is full, or the hardware failed. The message is one sentence for the user.
public final class DeviceException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public DeviceException(String sentence) {
        super(sentence);
    }
}
