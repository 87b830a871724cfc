package clew.weights;

import clew.engine.tensor.Shape;
import clew.weights.SafeTensors.Entry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Reads a safetensors header token by token, so that its memory is that of its entries; each entry is checked alone.
final class HeaderParser {
    /// As many axes as NumPy and PyTorch allow.
    private static final int MAX_RANK = 64;

    private final Path file;
    private final JsonParser in;
    private final List<Entry> entries = new ArrayList<>();
    private Map<String, String> metadata = Map.of();

    HeaderParser(Path file, JsonParser in) {
        this.file = file;
        this.in = in;
    }

    Header header() {
        if (in.nextToken() != JsonToken.START_OBJECT) throw fault("its header is not a JSON object");
        while (in.nextToken() != JsonToken.END_OBJECT) {
            var name = wellFormed(in.currentName());
            if (name.equals("__metadata__")) metadata = metadata();
            else entries.add(entry(name));
        }
        return new Header(entries, metadata);
    }

    private Map<String, String> metadata() {
        if (in.nextToken() != JsonToken.START_OBJECT) throw fault("__metadata__ is not an object of strings");
        var read = new LinkedHashMap<String, String>();
        while (in.nextToken() != JsonToken.END_OBJECT) {
            var key = wellFormed(in.currentName());
            if (in.nextToken() != JsonToken.VALUE_STRING)
                throw fault("__metadata__ value " + Quote.name(key) + " is not a string");
            read.put(key, wellFormed(in.getString()));
        }
        return Collections.unmodifiableMap(read);
    }

    /// What stands in the file as UTF-8 has no half of a pair, but an escape may write one.
    private String wellFormed(String text) {
        for (int i = 0, point; i < text.length(); i += Character.charCount(point)) {
            point = text.codePointAt(i);
            if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE)
                throw fault("its header has half of a surrogate pair in " + Quote.name(text));
        }
        return text;
    }

    private Entry entry(String name) {
        if (in.nextToken() != JsonToken.START_OBJECT) throw fault(name, "is not described by an object");
        @Nullable String dtype = null;
        long @Nullable [] dims = null;
        long @Nullable [] offsets = null;
        while (in.nextToken() != JsonToken.END_OBJECT) {
            switch (in.currentName()) {
                case "dtype"        -> dtype = dtype(name);
                case "shape"        -> dims = numbers(name, "shape", MAX_RANK);
                case "data_offsets" -> offsets = numbers(name, "data_offsets", 2);
                case String key     -> throw fault(name, "has the unknown key " + Quote.name(key));
            }
        }
        if (dtype == null || dims == null || offsets == null || offsets.length != 2)
            throw fault(name, "needs a dtype, a shape and two data_offsets");
        if (offsets[0] > offsets[1])
            throw fault(name, "begins at byte " + offsets[0] + " and ends before, at " + offsets[1]);
        var entry = new Entry(name, dtype, shape(name, dims), offsets[0], offsets[1]);
        requireSize(entry);
        return entry;
    }

    private String dtype(String name) {
        if (in.nextToken() != JsonToken.VALUE_STRING) throw fault(name, "has a dtype that is not a string");
        var dtype = in.getString();
        if (Header.bits(dtype).isEmpty()) throw fault(name, "has the unknown dtype " + Quote.name(dtype));
        return dtype;
    }

    private long[] numbers(String name, String key, int most) {
        if (in.nextToken() != JsonToken.START_ARRAY) throw fault(name, "has a " + key + " that is not an array");
        var numbers = new long[most];
        var count = 0;
        while (in.nextToken() != JsonToken.END_ARRAY) {
            if (count == most) throw fault(name, "has more than " + most + " numbers in its " + key);
            numbers[count++] = number(name, key);
        }
        return Arrays.copyOf(numbers, count);
    }

    private long number(String name, String key) {
        if (in.currentToken() != JsonToken.VALUE_NUMBER_INT)
            throw fault(name, "has a " + key + " that is not all whole numbers");
        var fits = in.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
        if (!fits || in.getString().startsWith("-"))                          // −0 too: the reference refuses it
            throw fault(name, "has " + Quote.line(in.getString()) + " in its " + key + ", outside 0 … 2⁶³−1");
        return in.getLongValue();
    }

    private Shape shape(String name, long[] dims) {
        var extents = new int[dims.length];
        for (int i = 0; i < dims.length; i++) {
            if (dims[i] > Integer.MAX_VALUE)
                throw fault(name, "has an extent of " + dims[i] + ", at most " + Integer.MAX_VALUE + " is supported");
            extents[i] = (int) dims[i];
        }
        try {
            return Shape.of(extents);
        } catch (IllegalArgumentException _) {
            throw fault(name, "has the shape " + Arrays.toString(dims) + ", more elements than 2⁶³−1");
        }
    }

    private void requireSize(Entry entry) {
        var bits = Header.bits(entry.dtype()).orElseThrow();
        var elements = entry.shape().size();
        var held = entry.bytes();
        var high = Math.multiplyHigh(elements, bits);                        // 0 unless the product passes 2⁶³
        if (high != 0 || elements * bits < 0 || elements * bits % 8 != 0 || elements * bits / 8 != held)
            throw fault(entry.name(), "of " + entry.dtype() + " " + entry.shape() + " does not take the " + held
                    + " bytes its data_offsets give it");
    }

    private WeightsException fault(String name, String what) {
        return fault("tensor " + Quote.name(name) + " " + what);
    }

    private WeightsException fault(String what) {
        return new WeightsException(file + ": " + what + "; download it again");
    }
}
