package clew.model.token;

import java.util.Arrays;

/// A binary heap of longs, the smallest on top.
final class LongHeap {
    private long[] items;
    private int size;

    LongHeap(int capacity) {
        items = new long[Math.max(16, capacity)];
    }

    boolean isEmpty() {
        return size == 0;
    }

    void push(long item) {
        if (size == items.length) items = Arrays.copyOf(items, size * 2);
        int i = size++;
        for (int parent; i > 0 && items[parent = i - 1 >> 1] > item; i = parent) items[i] = items[parent];
        items[i] = item;
    }

    long pop() {
        long top = items[0], last = items[--size];
        int i = 0;
        for (int child; (child = 2 * i + 1) < size; i = child) {
            if (child + 1 < size && items[child + 1] < items[child]) child++;
            if (items[child] >= last) break;
            items[i] = items[child];
        }
        items[i] = last;
        return top;
    }
}
