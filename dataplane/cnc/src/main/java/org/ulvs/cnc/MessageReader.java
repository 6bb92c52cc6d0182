// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

import java.nio.charset.StandardCharsets;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;

/**
 * Reads what {@link MessageWriter} wrote. Checks every length by itself, since messages come from other processes and
 * the buffers' own checks may be switched off.
 */
final class MessageReader {
    /** A message ends before its last field, or a length in it makes no sense. */
    static final class MalformedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        MalformedException(String message) {
            super(message);
        }
    }

    private final DirectBuffer buffer;
    private final int limit;
    private int position;

    MessageReader(DirectBuffer buffer, int offset, int length) {
        this.buffer = buffer;
        this.position = offset;
        this.limit = offset + length;
    }

    int remaining() {
        return limit - position;
    }

    private int advance(int count) {
        if (count < 0 || count > remaining()) {
            throw new MalformedException("field of " + count + " bytes, " + remaining() + " left");
        }
        final int start = position;
        position += count;
        return start;
    }

    int getInt() {
        return buffer.getInt(advance(BitUtil.SIZE_OF_INT));
    }

    long getLong() {
        return buffer.getLong(advance(BitUtil.SIZE_OF_LONG));
    }

    String getString() {
        return new String(getBytes(getInt()), StandardCharsets.UTF_8);
    }

    byte[] getBytes(int count) {
        final int start = advance(count);
        final byte[] bytes = new byte[count];
        buffer.getBytes(start, bytes);
        return bytes;
    }

    /** A number of elements, each of at least so many bytes. */
    int getCount(int elementLength) {
        final int count = getInt();
        if (count < 0 || (long) count * elementLength > remaining()) {
            throw new MalformedException("list of " + count + " elements, " + remaining() + " bytes left");
        }
        return count;
    }
}
