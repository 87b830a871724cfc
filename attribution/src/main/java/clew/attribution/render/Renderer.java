package clew.attribution.render;

import clew.attribution.Attribution;
import java.io.IOException;
import java.io.OutputStream;

/// A way to write an explanation down. The bytes go out in one piece, so that a failure writes nothing.
public interface Renderer {
    /// Writes to the stream and leaves it open.
    void write(Attribution a, OutputStream out) throws IOException;
}
