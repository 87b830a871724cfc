package clew.app;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/// Where results go: standard output, or a file that is there whole or not at all.
record Output(Io io, Optional<Path> file) {
    /// @param name the value of `--out`
    /// @throws UsageException if it cannot be a file
    static Output of(Io io, Optional<String> name) {
        return new Output(io, name.map(n -> path("--out", n)));
    }

    /// The file that an option names. A link leads to the file behind it, which keeps its place.
    static Path path(String option, String name) {
        if (name.isBlank()) throw new UsageException(option + " is empty; name a file");
        try {
            var path = Path.of(name);
            if (Files.isDirectory(path))
                throw new UsageException(option + " " + name + " is a directory; name a file in it");
            var folder = path.toAbsolutePath().getParent();
            if (folder == null || !Files.isDirectory(folder))
                throw new UsageException(option + " " + name
                    + ": there is no such directory; create it or name another file");
            return Files.isSymbolicLink(path) && Files.isRegularFile(path) ? path.toRealPath() : path;
        } catch (InvalidPathException | IOException _) {
            throw new UsageException(option + " " + name + " is not the name of a file; choose another");
        }
    }

    /// The file, for what only goes to one.
    ///
    /// @throws UsageException if there is none, or it is a device or a pipe
    Path regular(String who) {
        var path = file.orElseThrow(() -> new UsageException(who + " writes a binary file; name it with --out FILE"));
        if (Files.exists(path) && !Files.isRegularFile(path))
            throw new UsageException("--out " + path + " is not a regular file; name another");
        return path;
    }

    /// Whether a person looks at what is written.
    boolean forEyes() {
        return file.isEmpty() && io.terminals().contains(Io.Stream.OUT);
    }

    /// @throws OutputException.Closed if nobody reads any more
    void write(byte[] bytes) {
        if (file.isPresent()) replace(file.get(), bytes);
        else print(bytes);
    }

    void print(byte[] bytes) {
        try {
            io.out().write(bytes);
            io.out().flush();
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("pipe"))
                throw new OutputException.Closed(e);
            throw new OutputException("standard output cannot be written (" + e.getMessage()
                + "); send it elsewhere", e);
        }
    }

    private static void replace(Path file, byte[] bytes) {
        var target = file.toAbsolutePath();
        if (Files.exists(target) && !Files.isRegularFile(target)) {              // a device or a pipe takes what comes
            try (var out = new FileOutputStream(target.toFile())) {
                out.write(bytes);
            } catch (IOException e) {
                throw unwritable(file, e);
            }
            return;
        }
        var partial = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".partial");
        try {
            Files.write(partial, bytes);
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            discard(partial);
            throw unwritable(file, e);
        }
    }

    static OutputException unwritable(Path file, IOException e) {
        return new OutputException(file + " cannot be written (" + reason(e)
            + "); choose a file in a directory that has room"
            + " and lets you write", e);
    }

    /// What an I/O failure says, without the path that the sentence around it names.
    static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException _   -> "it does not exist";
            case AccessDeniedException _ -> "permission denied";
            case FileSystemException f when f.getReason() != null -> f.getReason();
            default                      -> String.valueOf(e.getMessage());
        };
    }

    private static void discard(Path partial) {
        try {
            Files.deleteIfExists(partial);
        } catch (IOException _) {
            // the failure under way says more
        }
    }
}
