// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.wire;

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

    /** The first byte of a header without options: version 4, five words. */
    static final int WITHOUT_OPTIONS = 0x45;

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

    /** The first eight bytes: version, header length, type of service, total length, identification, fragment word. */
    static long firstWord(final UnsafeBuffer buffer, final int offset) {
        return Memory.getLong(buffer, offset);
    }

    /** The next eight bytes: time to live, protocol, checksum, source address. */
    static long secondWord(final UnsafeBuffer buffer, final int offset) {
        return Memory.getLong(buffer, offset + TTL);
    }

    /** Version field. */
    public static int version(final UnsafeBuffer buffer, final int offset) {
        return (Memory.getByte(buffer, offset) & 0xFF) >>> 4;
    }

    /** Bytes of the header, options included. */
    public static int headerLength(final UnsafeBuffer buffer, final int offset) {
        return (Memory.getByte(buffer, offset) & 0x0F) << 2;
    }

    /** Type of service: DSCP and ECN bits. */
    public static int tos(final UnsafeBuffer buffer, final int offset) {
        return Memory.getByte(buffer, offset + TOS) & 0xFF;
    }

    /** Bytes of the packet, header included. */
    public static int totalLength(final UnsafeBuffer buffer, final int offset) {
        return Memory.getUnsignedShort(buffer, offset + TOTAL_LENGTH);
    }

    /** Sets the bytes of the packet; the checksum is left as it is. */
    public static void totalLength(final UnsafeBuffer buffer, final int offset, final int length) {
        Memory.putShort(buffer, offset + TOTAL_LENGTH, length);
    }

    /** Identification. */
    public static int id(final UnsafeBuffer buffer, final int offset) {
        return Memory.getUnsignedShort(buffer, offset + ID);
    }

    /** Sets the identification; the checksum is left as it is. */
    public static void id(final UnsafeBuffer buffer, final int offset, final int id) {
        Memory.putShort(buffer, offset + ID, id);
    }

    /** Flags and fragment offset. */
    public static int fragmentWord(final UnsafeBuffer buffer, final int offset) {
        return Memory.getUnsignedShort(buffer, offset + FRAGMENT);
    }

    /** Sets flags and fragment offset; the checksum is left as it is. */
    public static void fragmentWord(final UnsafeBuffer buffer, final int offset, final int word) {
        Memory.putShort(buffer, offset + FRAGMENT, word);
    }

    /** Time to live. */
    public static int ttl(final UnsafeBuffer buffer, final int offset) {
        return Memory.getByte(buffer, offset + TTL) & 0xFF;
    }

    /**
     * Takes one from the time to live and updates the header checksum. The caller has checked that it is above 1.
     *
     * @return the new time to live
     */
    public static int decrementTtl(final UnsafeBuffer buffer, final int offset) {
        // time to live, protocol and checksum in one word; the checksum grows by what the other half loses
        final int word = Memory.getInt(buffer, offset + TTL);
        final int grown = (word & 0xFFFF) + 0x0100;
        final int checksum = (grown + (grown >= 0xFFFF ? 1 : 0)) & 0xFFFF;
        final int timeToLive = (word >>> 24) - 1;
        Memory.putInt(buffer, offset + TTL, timeToLive << 24 | (word & 0xFF_0000) | checksum);
        return timeToLive;
    }

    /** Number of the protocol that the packet carries. */
    public static int protocol(final UnsafeBuffer buffer, final int offset) {
        return Memory.getByte(buffer, offset + PROTOCOL) & 0xFF;
    }

    /** Header checksum. */
    public static int checksum(final UnsafeBuffer buffer, final int offset) {
        return Memory.getUnsignedShort(buffer, offset + CHECKSUM);
    }

    /** Sets the header checksum. */
    public static void checksum(final UnsafeBuffer buffer, final int offset, final int checksum) {
        Memory.putShort(buffer, offset + CHECKSUM, checksum);
    }

    /** Source address. */
    public static int source(final UnsafeBuffer buffer, final int offset) {
        return Memory.getInt(buffer, offset + SOURCE);
    }

    /** Sets the source address; the checksums are left as they are. */
    public static void source(final UnsafeBuffer buffer, final int offset, final int address) {
        Memory.putInt(buffer, offset + SOURCE, address);
    }

    /** Destination address. */
    public static int destination(final UnsafeBuffer buffer, final int offset) {
        return Memory.getInt(buffer, offset + DESTINATION);
    }

    /** Sets the destination address; the checksums are left as they are. */
    public static void destination(final UnsafeBuffer buffer, final int offset, final int address) {
        Memory.putInt(buffer, offset + DESTINATION, address);
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
        Memory.putByte(buffer, offset, (byte) WITHOUT_OPTIONS);
        Memory.putByte(buffer, offset + TOS, (byte) tos);
        totalLength(buffer, offset, totalLength);
        id(buffer, offset, id);
        fragmentWord(buffer, offset, fragmentWord);
        Memory.putByte(buffer, offset + TTL, (byte) ttl);
        Memory.putByte(buffer, offset + PROTOCOL, (byte) protocol);
        source(buffer, offset, source);
        destination(buffer, offset, destination);
        writeChecksum(buffer, offset);
    }
}
