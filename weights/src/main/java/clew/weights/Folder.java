package clew.weights;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What a directory holds, sorted by name.
final class Folder {
    private Folder() {}

    static List<Path> list(Path dir, DirectoryStream.Filter<Path> keep) throws IOException {
        try (var entries = Files.newDirectoryStream(dir, keep)) {
            var found = new ArrayList<Path>();
            entries.forEach(found::add);
            found.sort(null);
            return found;
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }
}
