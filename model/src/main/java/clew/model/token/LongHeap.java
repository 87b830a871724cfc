package clew.model.token;

import java.util.Arrays;

/// A heap of longs, the smallest on top. Four children share a line of the cache, and it has half the levels of two.
final class LongHeap {
    private static final int CHILDREN = 4;

    private long[] items = new long[16];
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    long top() {
        return items[0];
    }

    void push(long item) {
        if (size == items.length) items = Arrays.copyOf(items, size * 2);
        int i = size++;
        for (int parent; i > 0 && items[parent = (i - 1) / CHILDREN] > item; i = parent) items[i] = items[parent];
        items[i] = item;
    }

    long pop() {
        long top = items[0], last = items[--size];
        int i = 0;
        for (int first; (first = CHILDREN * i + 1) < size; ) {
            int least = first;
            for (int child = first + 1; child < Math.min(first + CHILDREN, size); child++)
                if (items[child] < items[least]) least = child;
            if (items[least] >= last) break;
            items[i] = items[least];
            i = least;
        }
        items[i] = last;
        return top;
    }
}
