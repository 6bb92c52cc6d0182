// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.wire;

import org.agrona.concurrent.UnsafeBuffer;

/** UDP header (RFC 768). Offsets are indexes of the header's first byte. */
public final class Udp {
    /** Bytes of the header. */
    public static final int LENGTH = 8;

    /** Place of the checksum in the header. */
    public static final int CHECKSUM_OFFSET = 6;

    private static final int LENGTH_OFFSET = 4;

    private Udp() {}

    /** Both ports, the source port in the higher half; TCP and SCTP have them at the same place. */
    static int ports(final UnsafeBuffer buffer, final int offset) {
        return Memory.getInt(buffer, offset);
    }

    /** Source port. */
    public static int sourcePort(final UnsafeBuffer buffer, final int offset) {
        return Memory.getUnsignedShort(buffer, offset);
    }

    /** Sets the source port; the checksum is left as it is. */
    public static void sourcePort(final UnsafeBuffer buffer, final int offset, final int port) {
        Memory.putShort(buffer, offset, port);
    }

    /** Destination port. */
    public static int destinationPort(final UnsafeBuffer buffer, final int offset) {
        return Memory.getUnsignedShort(buffer, offset + 2);
    }

    /** Sets the destination port; the checksum is left as it is. */
    public static void destinationPort(final UnsafeBuffer buffer, final int offset, final int port) {
        Memory.putShort(buffer, offset + 2, port);
    }

    /** Bytes of header and payload, as the header claims. */
    public static int length(final UnsafeBuffer buffer, final int offset) {
        return Memory.getUnsignedShort(buffer, offset + LENGTH_OFFSET);
    }

    /** Sets the bytes of header and payload; the checksum is left as it is. */
    public static void length(final UnsafeBuffer buffer, final int offset, final int length) {
        Memory.putShort(buffer, offset + LENGTH_OFFSET, length);
    }

    /** Checksum; 0 means that there is none. */
    public static int checksum(final UnsafeBuffer buffer, final int offset) {
        return Memory.getUnsignedShort(buffer, offset + CHECKSUM_OFFSET);
    }

    /** Sets the checksum. */
    public static void checksum(final UnsafeBuffer buffer, final int offset, final int checksum) {
        Memory.putShort(buffer, offset + CHECKSUM_OFFSET, checksum);
    }

    /** A computed checksum as the header holds it: 0 is written as 0xFFFF, since 0 means none. */
    public static int wireChecksum(final int checksum) {
        return checksum == 0 ? 0xFFFF : checksum;
    }
}
