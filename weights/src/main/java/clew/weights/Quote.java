package clew.weights;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/// Text from files made fit for a one-line message: names may be long, or hold terminal control codes.
final class Quote {
    private static final int LONGEST = 120;

    private Quote() {}

    /// `'name'`, control and formatting characters escaped, cut after 120 characters.
    static String name(String name) {
        return "'" + line(name) + "'";
    }

    /// The same without the quotes.
    static String line(String text) {
        var out = new StringBuilder();
        text.codePoints().limit(LONGEST).forEach(c -> {
            if (isPrintable(c)) out.appendCodePoint(c);
            else out.append("\\u%04x".formatted(c));
        });
        return text.codePointCount(0, text.length()) > LONGEST ? out + "…" : out.toString();
    }

    /// Whether every surrogate has its other half; Java strings may break this, UTF-8 cannot.
    static boolean isUnicode(String text) {
        return text.codePoints().noneMatch(c -> Character.getType(c) == Character.SURROGATE);
    }

    /// What an I/O failure says, without the path that the sentence around it already names.
    static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException _   -> "it does not exist";
            case AccessDeniedException _ -> "permission denied";
            case FileSystemException f when f.getReason() != null -> line(f.getReason());
            default                      -> line(String.valueOf(e.getMessage()));
        };
    }

    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED,
                 Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
