package clew.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// A safetensors file made by hand, bad ones included: any length word, any header, any number of data bytes.
record RawFile(long length, byte[] header, byte[] data) {

    /// A header with the length word that fits it, and data bytes 0, 1, 2, ….
    static RawFile of(String header, int dataBytes) {
        return of(header.getBytes(StandardCharsets.UTF_8), dataBytes);
    }

    static RawFile of(byte[] header, int dataBytes) {
        var data = new byte[dataBytes];
        for (int i = 0; i < dataBytes; i++) data[i] = (byte) i;
        return new RawFile(header.length, header, data);
    }

    /// One tensor `a` with these words, in a file with `dataBytes` bytes of data.
    static RawFile tensor(String dtype, String shape, String offsets, int dataBytes) {
        return of("{" + entry("a", dtype, shape, offsets) + "}", dataBytes);
    }

    static String entry(String name, String dtype, String shape, String offsets) {
        return "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}".formatted(name, dtype, shape, offsets);
    }

    RawFile withLength(long word) {
        return new RawFile(word, header, data);
    }

    Path write(Path file) throws IOException {
        var bytes = ByteBuffer.allocate(8 + header.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(length).put(header).put(data);
        return Files.write(file, bytes.array());
    }
}
