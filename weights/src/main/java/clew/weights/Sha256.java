package clew.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// Digests of model files, as lower-case hexadecimal.
final class Sha256 {
    private Sha256() {}

    /// `sha256(config · header₁ · size₁ · header₂ · size₂ …)`: a header brings its own length, a size is 8 bytes,
    /// little-endian.
    static String ofHeaders(Path config, List<SafeTensors> files) {
        var digest = digest();
        try {
            digest.update(Files.readAllBytes(config));
        } catch (IOException e) {
            throw unreadable(config, e);
        }
        for (var file : files) {
            digest.update(file.header());
            digest.update(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, file.bytes()));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /// `sha256(file₁ · file₂ …)`, read rather than mapped: each byte is needed once.
    static String ofBytes(List<SafeTensors> files) {
        var digest = digest();
        var buffer = ByteBuffer.allocateDirect(1 << 20);
        for (var file : files) {
            try (var channel = FileChannel.open(file.path())) {
                while (channel.read(buffer.clear()) >= 0) digest.update(buffer.flip());
            } catch (IOException e) {
                throw unreadable(file.path(), e);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /// `sha256(name₁ · file₁ · name₂ · file₂ …)` of the files that are there, or nothing if none is.
    static Optional<String> ofThose(Path directory, List<String> names) {
        var there = names.stream().filter(n -> Files.isRegularFile(directory.resolve(n))).toList();
        if (there.isEmpty()) return Optional.empty();
        var digest = digest();
        for (var name : there) {
            digest.update(name.getBytes(StandardCharsets.UTF_8));
            try {
                digest.update(Files.readAllBytes(directory.resolve(name)));
            } catch (IOException e) {
                throw unreadable(directory.resolve(name), e);
            }
        }
        return Optional.of(HexFormat.of().formatHex(digest.digest()));
    }

    static String of(byte[] bytes) {
        return HexFormat.of().formatHex(digest().digest(bytes));
    }

    private static WeightsException unreadable(Path file, IOException e) {
        return new WeightsException(file + " cannot be read (" + Quote.reason(e) + "); check the file", e);
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
