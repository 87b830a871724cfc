package clew.model.token;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Reads one message of protocol buffers, field by field: `while (message.next()) switch (message.field()) …`.
///
/// A field is a varint `number · 8 + kind`; kind 0 is a varint, 1 is 8 bytes, 2 is a length and bytes, 5 is 4 bytes.
/// Bytes outside the message, groups and other kinds are refused. A field that is not asked for is passed over.
final class Protobuf {
    private final byte[] bytes;
    private final int end;
    private int at;
    private int field;
    private int kind;
    private long number;                                    // the varint, the fixed bits, or the length of the bytes

    Protobuf(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    private Protobuf(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.at = start;
        this.end = end;
    }

    /// Goes to the next field; false at the end of the message.
    boolean next() {
        if (at == end) return false;
        long tag = varint();
        field = (int) (tag >>> 3);
        kind = (int) tag & 7;
        if (field <= 0 || tag >>> 32 != 0) throw broken();
        number = switch (kind) {
            case 0 -> varint();
            case 1 -> fixed(8);
            case 5 -> fixed(4);
            case 2 -> {
                long length = varint();
                if (length < 0 || length > end - at) throw broken();
                at += (int) length;
                yield length;
            }
            default -> throw broken();
        };
        return true;
    }

    int field() {
        return field;
    }

    int integer() {
        return (int) need(0);
    }

    boolean flag() {
        return need(0) != 0;
    }

    float single() {
        return Float.intBitsToFloat((int) need(5));
    }

    byte[] bytes() {
        int length = (int) need(2);
        return Arrays.copyOfRange(bytes, at - length, at);
    }

    /// @throws IllegalArgumentException if the bytes are no UTF-8
    String text() {
        var value = bytes();
        if (!Utf8.isValid(value)) throw broken();
        return new String(value, StandardCharsets.UTF_8);
    }

    Protobuf message() {
        int length = (int) need(2);
        return new Protobuf(bytes, at - length, at);
    }

    private long need(int wanted) {
        if (kind != wanted) throw broken();
        return number;
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < 64 && at < end; shift += 7) {
            byte b = bytes[at++];
            value |= (b & 0x7FL) << shift;
            if (b >= 0) return value;
        }
        throw broken();
    }

    private long fixed(int size) {
        if (end - at < size) throw broken();
        long value = 0;
        for (int i = 0; i < size; i++) value |= (bytes[at++] & 0xFFL) << 8 * i;
        return value;
    }

    private IllegalArgumentException broken() {
        return new IllegalArgumentException("is not a SentencePiece model (byte " + at + "); fetch it again");
    }
}
