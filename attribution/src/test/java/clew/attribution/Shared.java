package clew.attribution;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/// The folder of real and golden checkpoints that lies beside the checkout.
public final class Shared {
    private Shared() {}

    /// A path in it; the test is skipped, saying why, where the folder is absent.
    public static Path path(String inside) {
        var root = root();
        if (!Files.isDirectory(root)) {
            var why = "no folder " + root.toAbsolutePath().normalize() + ": set CLEW_SHARED to run this test";
            System.err.println("skipped: " + why);
            Assumptions.abort(why);
        }
        return root.resolve(inside);
    }

    private static Path root() {
        var named = System.getProperty("CLEW_SHARED", System.getenv("CLEW_SHARED"));
        if (named != null) return Path.of(named);
        return Path.of(Files.isRegularFile(Path.of("../pom.xml")) ? "../../shared" : "../shared");
    }
}
