// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.wire;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Reads and writes of the flyweights, in the order of the network. Frames of rings lie outside of the heap, and code
 * that the compiler knows to touch no object keeps what it has read in registers; a buffer's own accessors may meet an
 * array, so that everything is read anew after each of them. Where the buffer lies over an array, or bounds are
 * checked, the buffer's accessors do the work.
 */
final class Memory {
    private static final boolean CHECKED = DirectBuffer.SHOULD_BOUNDS_CHECK;
    private static final boolean LITTLE = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    private Memory() {}

    private static boolean isDirect(final UnsafeBuffer buffer) {
        return !CHECKED && buffer.byteArray() == null;
    }

    static byte getByte(final UnsafeBuffer buffer, final int index) {
        return isDirect(buffer) ? UnsafeApi.getByte(buffer.addressOffset() + index) : buffer.getByte(index);
    }

    static void putByte(final UnsafeBuffer buffer, final int index, final byte value) {
        if (isDirect(buffer)) {
            UnsafeApi.putByte(buffer.addressOffset() + index, value);
        } else {
            buffer.putByte(index, value);
        }
    }

    static int getUnsignedShort(final UnsafeBuffer buffer, final int index) {
        final int value = getNativeShort(buffer, index);
        return LITTLE ? Integer.reverseBytes(value) >>> 16 : value & 0xFFFF;
    }

    static void putShort(final UnsafeBuffer buffer, final int index, final int value) {
        final short bits = (short) (LITTLE ? Integer.reverseBytes(value) >>> 16 : value);
        if (isDirect(buffer)) {
            UnsafeApi.putShort(buffer.addressOffset() + index, bits);
        } else {
            buffer.putShort(index, bits);
        }
    }

    static int getInt(final UnsafeBuffer buffer, final int index) {
        final int value = getNativeInt(buffer, index);
        return LITTLE ? Integer.reverseBytes(value) : value;
    }

    static void putInt(final UnsafeBuffer buffer, final int index, final int value) {
        final int bits = LITTLE ? Integer.reverseBytes(value) : value;
        if (isDirect(buffer)) {
            UnsafeApi.putInt(buffer.addressOffset() + index, bits);
        } else {
            buffer.putInt(index, bits);
        }
    }

    static long getLong(final UnsafeBuffer buffer, final int index) {
        final long value = getNativeLong(buffer, index);
        return LITTLE ? Long.reverseBytes(value) : value;
    }

    static void putLong(final UnsafeBuffer buffer, final int index, final long value) {
        final long bits = LITTLE ? Long.reverseBytes(value) : value;
        if (isDirect(buffer)) {
            UnsafeApi.putLong(buffer.addressOffset() + index, bits);
        } else {
            buffer.putLong(index, bits);
        }
    }

    /** In the order of the processor. */
    static short getNativeShort(final UnsafeBuffer buffer, final int index) {
        return isDirect(buffer) ? UnsafeApi.getShort(buffer.addressOffset() + index) : buffer.getShort(index);
    }

    /** In the order of the processor. */
    static int getNativeInt(final UnsafeBuffer buffer, final int index) {
        return isDirect(buffer) ? UnsafeApi.getInt(buffer.addressOffset() + index) : buffer.getInt(index);
    }

    /** In the order of the processor. */
    static long getNativeLong(final UnsafeBuffer buffer, final int index) {
        return isDirect(buffer) ? UnsafeApi.getLong(buffer.addressOffset() + index) : buffer.getLong(index);
    }
}
