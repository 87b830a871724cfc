package clew.app;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The lines of a stream, one at a time, whoever wrote them: a line may be too long, or not text.
final class Lines implements AutoCloseable {
    /// A prompt for any model, or ids for any, fits many times.
    private static final int LONGEST = 64 << 20;

    private final InputStream in;
    private long bytes;

    Lines(InputStream in) {
        this.in = new BufferedInputStream(in, 1 << 16);
    }

    /// @param text  the line without its end, if it is text
    /// @param fault else why it is not
    record Line(String text, Optional<String> fault) {}

    /// Bytes read so far.
    long bytes() {
        return bytes;
    }

    /// The next line, or nothing at the end. A carriage return before a line feed is JSON's blank.
    Optional<Line> next() throws IOException {
        var line = new ByteArrayOutputStream();
        var length = 0L;
        int b;
        while ((b = in.read()) >= 0) {
            bytes++;
            if (b == '\n') return Optional.of(line(line, length));
            if (++length <= LONGEST) line.write(b);
        }
        return length == 0 ? Optional.empty() : Optional.of(line(line, length));
    }

    private static Line line(ByteArrayOutputStream bytes, long length) {
        if (length > LONGEST)
            return new Line("", Optional
                .of("the line has " + length + " bytes, more than " + LONGEST + "; shorten it"));
        try {
            var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray())).toString();
            return new Line(text.startsWith("\uFEFF") ? text.substring(1) : text, Optional.empty());
        } catch (CharacterCodingException _) {
            return new Line("", Optional.of("the line is not valid UTF-8; convert it with iconv"));
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
