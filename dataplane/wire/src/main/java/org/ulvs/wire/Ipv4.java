// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.wire;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/** IPv4 header (RFC 791). Offsets are indexes of the header's first byte; addresses are ints, first byte highest. */
public final class Ipv4 {
    /** Bytes of a header without options. */
    public static final int MIN_LENGTH = 20;

    /** Bytes of a header with as many options as fit. */
    public static final int MAX_LENGTH = 60;

    /** Most bytes of a packet, header included. */
    public static final int MAX_TOTAL_LENGTH = 65535;

    /** Protocol number of ICMP. */
    public static final int ICMP = 1;

    /** Protocol number of IPv4 in IPv4. */
    public static final int IPIP = 4;

    /** Protocol number of TCP. */
    public static final int TCP = 6;

    /** Protocol number of UDP. */
    public static final int UDP = 17;

    /** Protocol number of SCTP. */
    public static final int SCTP = 132;

    /** Bit "don't fragment" of {@link #fragmentWord}. */
    public static final int DONT_FRAGMENT = 0x4000;

    /** Bit "more fragments" of {@link #fragmentWord}. */
    public static final int MORE_FRAGMENTS = 0x2000;

    /** Offset bits of {@link #fragmentWord}, in units of 8 bytes. */
    public static final int FRAGMENT_OFFSET = 0x1FFF;

    private static final int TOS = 1;
    private static final int TOTAL_LENGTH = 2;
    private static final int ID = 4;
    private static final int FRAGMENT = 6;
    private static final int TTL = 8;
    private static final int PROTOCOL = 9;
    private static final int CHECKSUM = 10;
    private static final int SOURCE = 12;
    private static final int DESTINATION = 16;

    private Ipv4() {}

    /** Version field. */
    public static int version(final UnsafeBuffer buffer, final int offset) {
        return (buffer.getByte(offset) & 0xFF) >>> 4;
    }

    /** Bytes of the header, options included. */
    public static int headerLength(final UnsafeBuffer buffer, final int offset) {
        return (buffer.getByte(offset) & 0x0F) << 2;
    }

    /** Type of service: DSCP and ECN bits. */
    public static int tos(final UnsafeBuffer buffer, final int offset) {
        return buffer.getByte(offset + TOS) & 0xFF;
    }

    /** Bytes of the packet, header included. */
    public static int totalLength(final UnsafeBuffer buffer, final int offset) {
        return buffer.getShort(offset + TOTAL_LENGTH, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }

    /** Sets the bytes of the packet; the checksum is left as it is. */
    public static void totalLength(final UnsafeBuffer buffer, final int offset, final int length) {
        buffer.putShort(offset + TOTAL_LENGTH, (short) length, ByteOrder.BIG_ENDIAN);
    }

    /** Identification. */
    public static int id(final UnsafeBuffer buffer, final int offset) {
        return buffer.getShort(offset + ID, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }

    /** Sets the identification; the checksum is left as it is. */
    public static void id(final UnsafeBuffer buffer, final int offset, final int id) {
        buffer.putShort(offset + ID, (short) id, ByteOrder.BIG_ENDIAN);
    }

    /** Flags and fragment offset. */
    public static int fragmentWord(final UnsafeBuffer buffer, final int offset) {
        return buffer.getShort(offset + FRAGMENT, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }

    /** Sets flags and fragment offset; the checksum is left as it is. */
    public static void fragmentWord(final UnsafeBuffer buffer, final int offset, final int word) {
        buffer.putShort(offset + FRAGMENT, (short) word, ByteOrder.BIG_ENDIAN);
    }

    /** Time to live. */
    public static int ttl(final UnsafeBuffer buffer, final int offset) {
        return buffer.getByte(offset + TTL) & 0xFF;
    }

    /**
     * Takes one from the time to live and updates the header checksum. The caller has checked that it is above 1.
     *
     * @return the new time to live
     */
    public static int decrementTtl(final UnsafeBuffer buffer, final int offset) {
        final int word = buffer.getShort(offset + TTL, ByteOrder.BIG_ENDIAN) & 0xFFFF;
        final int decremented = word - 0x0100;
        buffer.putShort(offset + TTL, (short) decremented, ByteOrder.BIG_ENDIAN);
        checksum(buffer, offset, Checksums.update16(checksum(buffer, offset), word, decremented));
        return decremented >> 8;
    }

    /** Number of the protocol that the packet carries. */
    public static int protocol(final UnsafeBuffer buffer, final int offset) {
        return buffer.getByte(offset + PROTOCOL) & 0xFF;
    }

    /** Header checksum. */
    public static int checksum(final UnsafeBuffer buffer, final int offset) {
        return buffer.getShort(offset + CHECKSUM, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }

    /** Sets the header checksum. */
    public static void checksum(final UnsafeBuffer buffer, final int offset, final int checksum) {
        buffer.putShort(offset + CHECKSUM, (short) checksum, ByteOrder.BIG_ENDIAN);
    }

    /** Source address. */
    public static int source(final UnsafeBuffer buffer, final int offset) {
        return buffer.getInt(offset + SOURCE, ByteOrder.BIG_ENDIAN);
    }

    /** Sets the source address; the checksums are left as they are. */
    public static void source(final UnsafeBuffer buffer, final int offset, final int address) {
        buffer.putInt(offset + SOURCE, address, ByteOrder.BIG_ENDIAN);
    }

    /** Destination address. */
    public static int destination(final UnsafeBuffer buffer, final int offset) {
        return buffer.getInt(offset + DESTINATION, ByteOrder.BIG_ENDIAN);
    }

    /** Sets the destination address; the checksums are left as they are. */
    public static void destination(final UnsafeBuffer buffer, final int offset, final int address) {
        buffer.putInt(offset + DESTINATION, address, ByteOrder.BIG_ENDIAN);
    }

    /** Computes the header checksum anew and writes it. */
    public static void writeChecksum(final UnsafeBuffer buffer, final int offset) {
        checksum(buffer, offset, 0);
        checksum(buffer, offset, Checksums.complement(Checksums.sum(buffer, offset, headerLength(buffer, offset))));
    }

    /**
     * Writes a whole header without options, checksum included.
     *
     * @param fragmentWord flags and fragment offset, as {@link #fragmentWord}
     */
    public static void write(
            final UnsafeBuffer buffer,
            final int offset,
            final int tos,
            final int totalLength,
            final int id,
            final int fragmentWord,
            final int ttl,
            final int protocol,
            final int source,
            final int destination) {
        buffer.putByte(offset, (byte) 0x45);
        buffer.putByte(offset + TOS, (byte) tos);
        totalLength(buffer, offset, totalLength);
        id(buffer, offset, id);
        fragmentWord(buffer, offset, fragmentWord);
        buffer.putByte(offset + TTL, (byte) ttl);
        buffer.putByte(offset + PROTOCOL, (byte) protocol);
        source(buffer, offset, source);
        destination(buffer, offset, destination);
        writeChecksum(buffer, offset);
    }
}
