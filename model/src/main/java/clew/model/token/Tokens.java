package clew.model.token;

import java.util.Arrays;

/// Tokens in the making: parallel arrays of id, written form and offsets.
final class Tokens {
    private int[] ids = new int[16];
    private int[] starts = new int[16];
    private int[] ends = new int[16];
    private String[] values = new String[16];
    private int size;

    void add(int id, String value, int start, int end) {
        if (size == ids.length) {
            ids = Arrays.copyOf(ids, size * 2);
            starts = Arrays.copyOf(starts, size * 2);
            ends = Arrays.copyOf(ends, size * 2);
            values = Arrays.copyOf(values, size * 2);
        }
        ids[size] = id;
        starts[size] = start;
        ends[size] = end;
        values[size++] = value;
    }

    void addAll(Tokens other) {
        for (int i = 0; i < other.size; i++) add(other.ids[i], other.values[i], other.starts[i], other.ends[i]);
    }

    void moveTo(int i, int start, int end) {
        starts[i] = start;
        ends[i] = end;
    }

    int size()           { return size; }
    int id(int i)        { return ids[i]; }
    int start(int i)     { return starts[i]; }
    int end(int i)       { return ends[i]; }
    String value(int i)  { return values[i]; }
    int[] ids()          { return Arrays.copyOf(ids, size); }
}
