package clew.weights;

import clew.engine.tensor.DType;
import clew.weights.SafeTensors.Entry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// `{"__metadata__": {…}, "name": {"dtype": …, "shape": […], "data_offsets": [begin, end]}, …}` — entries as written.
record Header(List<Entry> entries, Map<String, String> metadata) {

    static Header parse(Path file, byte[] json) {
        return Json.parse(file + ": its header", json, parser -> new HeaderParser(file, parser).header());
    }

    /// The entries sorted by offset, once they are known to cover the data exactly: no gap, no overlap, no rest.
    List<Entry> tiling(Path file, long dataStart, long dataBytes) {
        var sorted = new ArrayList<>(entries);
        sorted.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        var end = sorted.stream().mapToLong(Entry::end).max().orElse(0);
        if (end > dataBytes)
            throw new WeightsException(file + " is truncated: its header describes "
                    + Long.toUnsignedString(dataStart + end) + " bytes, the file has " + (dataStart + dataBytes)
                    + "; download it again");
        var at = 0L;
        for (int i = 0; i < sorted.size(); i++) {
            var entry = sorted.get(i);
            if (entry.begin() < at)
                throw new WeightsException(file + ": tensors " + Quote.name(sorted.get(i - 1).name()) + " and "
                        + Quote.name(entry.name()) + " overlap at byte " + entry.begin() + "; download it again");
            if (entry.begin() > at)
                throw new WeightsException(file + ": bytes " + at + " to " + entry.begin() + " before tensor "
                        + Quote.name(entry.name()) + " belong to no tensor; download it again");
            at = entry.end();
        }
        if (at < dataBytes)
            throw new WeightsException(file + " has " + (dataBytes - at) + " bytes after its last tensor (the header "
                    + "describes " + (dataStart + at) + " bytes in all); download it again");
        return sorted;
    }

    /// The element type under a safetensors name, if the engine can read it.
    static Optional<DType> readable(String name) {
        for (var dtype : DType.values()) if (dtype.name().equals(name)) return Optional.of(dtype);
        return Optional.empty();
    }

    /// Bits of one element, for every type the format knows; empty for any other word.
    static OptionalInt bits(String name) {
        return switch (name) {
            case "F4"                                                                        -> OptionalInt.of(4);
            case "F6_E2M3", "F6_E3M2"                                                        -> OptionalInt.of(6);
            case "F8_E5M2", "F8_E4M3", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ"               -> OptionalInt.of(8);
            case "C64"                                                                       -> OptionalInt.of(64);
            default -> readable(name).map(t -> OptionalInt.of(8 * t.bytes())).orElse(OptionalInt.empty());
        };
    }
}
