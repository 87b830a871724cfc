package clew.attribution.render;

import java.util.BitSet;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.PrettyPrinter;

/// JSON that a person can read and `diff` can compare: each entry of the outer object and each element of its arrays
/// has a line of its own, everything deeper stays on that line.
final class JsonPage implements PrettyPrinter {
    /// Whether each container that is open, outermost first, breaks lines.
    private final BitSet breaks = new BitSet();
    private int depth = 0;

    @Override
    public void writeStartObject(JsonGenerator g) {
        open(g, '{', depth == 0);
    }

    @Override
    public void writeStartArray(JsonGenerator g) {
        open(g, '[', depth == 1);
    }

    @Override
    public void beforeObjectEntries(JsonGenerator g) {
        line(g, depth, "");
    }

    @Override
    public void beforeArrayValues(JsonGenerator g) {
        line(g, depth, "");
    }

    @Override
    public void writeObjectEntrySeparator(JsonGenerator g) {
        g.writeRaw(',');
        line(g, depth, " ");
    }

    @Override
    public void writeArrayValueSeparator(JsonGenerator g) {
        g.writeRaw(',');
        line(g, depth, " ");
    }

    @Override
    public void writeObjectNameValueSeparator(JsonGenerator g) {
        g.writeRaw(": ");
    }

    @Override
    public void writeEndObject(JsonGenerator g, int entries) {
        close(g, '}', entries);
    }

    @Override
    public void writeEndArray(JsonGenerator g, int values) {
        close(g, ']', values);
    }

    @Override
    public void writeRootValueSeparator(JsonGenerator g) {
        g.writeRaw('\n');
    }

    private void open(JsonGenerator g, char bracket, boolean breaking) {
        g.writeRaw(bracket);
        breaks.set(depth++, breaking);
    }

    private void close(JsonGenerator g, char bracket, int entries) {
        if (entries > 0) line(g, depth - 1, "");
        depth--;
        g.writeRaw(bracket);
    }

    /// A new line inside a container that breaks, else `otherwise`.
    private void line(JsonGenerator g, int indent, String otherwise) {
        g.writeRaw(breaks.get(depth - 1) ? "\n" + "  ".repeat(indent) : otherwise);
    }
}
