// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

import java.nio.charset.StandardCharsets;
import org.agrona.BitUtil;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;

/** Appends fields to a growing message: native byte order, unaligned, strings as an int32 length and UTF-8. */
final class MessageWriter {
    private final MutableDirectBuffer buffer = new ExpandableArrayBuffer(512);
    private int length;

    MessageWriter reset() {
        length = 0;
        return this;
    }

    MutableDirectBuffer buffer() {
        return buffer;
    }

    int length() {
        return length;
    }

    MessageWriter putInt(int value) {
        buffer.putInt(length, value);
        length += BitUtil.SIZE_OF_INT;
        return this;
    }

    MessageWriter putLong(long value) {
        buffer.putLong(length, value);
        length += BitUtil.SIZE_OF_LONG;
        return this;
    }

    MessageWriter putString(String value) {
        final byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        putInt(bytes.length);
        return putBytes(bytes, 0, bytes.length);
    }

    MessageWriter putBytes(byte[] bytes, int offset, int count) {
        buffer.putBytes(length, bytes, offset, count);
        length += count;
        return this;
    }
}
