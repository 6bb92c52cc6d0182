// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.wire;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/** Common header of SCTP (RFC 9260): ports and CRC32c. Offsets are indexes of the header's first byte. */
public final class Sctp {
    /** Bytes of the common header. */
    public static final int LENGTH = 12;

    /** Place of the CRC32c in the header. */
    public static final int CHECKSUM_OFFSET = 8;

    private static final int[] TABLE = table();

    private Sctp() {}

    /** Source port. */
    public static int sourcePort(final UnsafeBuffer buffer, final int offset) {
        return buffer.getShort(offset, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }

    /** Destination port. */
    public static int destinationPort(final UnsafeBuffer buffer, final int offset) {
        return buffer.getShort(offset + 2, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }

    /** The CRC32c field, as the little-endian number that it is. */
    public static int checksum(final UnsafeBuffer buffer, final int offset) {
        return buffer.getInt(offset + CHECKSUM_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Computes the CRC32c over {@code length} bytes of header and chunks and writes it. */
    public static void writeChecksum(final UnsafeBuffer buffer, final int offset, final int length) {
        buffer.putInt(offset + CHECKSUM_OFFSET, crc32c(buffer, offset, length), ByteOrder.LITTLE_ENDIAN);
    }

    /** CRC32c over {@code length} bytes of header and chunks, with the field itself taken as 0. */
    public static int crc32c(final UnsafeBuffer buffer, final int offset, final int length) {
        int crc = -1;
        for (int i = 0; i < length; i++) {
            final boolean field = i >= CHECKSUM_OFFSET && i < LENGTH;
            final int octet = field ? 0 : buffer.getByte(offset + i);
            crc = crc >>> 8 ^ TABLE[(crc ^ octet) & 0xFF];
        }
        return ~crc;
    }

    private static int[] table() {
        final int[] table = new int[256];
        for (int i = 0; i < table.length; i++) {
            int crc = i;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) == 0 ? crc >>> 1 : crc >>> 1 ^ 0x82F6_3B78;
            }
            table[i] = crc;
        }
        return table;
    }
}
