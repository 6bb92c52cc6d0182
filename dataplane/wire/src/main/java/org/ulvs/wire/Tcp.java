// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.wire;

import org.agrona.concurrent.UnsafeBuffer;

/** TCP header (RFC 9293). Offsets are indexes of the header's first byte; sequence numbers are unsigned in an int. */
public final class Tcp {
    /** Bytes of a header without options. */
    public static final int MIN_LENGTH = 20;

    /** Place of the checksum in the header. */
    public static final int CHECKSUM_OFFSET = 16;

    /** Flag FIN. */
    public static final int FIN = 0x01;

    /** Flag SYN. */
    public static final int SYN = 0x02;

    /** Flag RST. */
    public static final int RST = 0x04;

    /** Flag PSH. */
    public static final int PSH = 0x08;

    /** Flag ACK. */
    public static final int ACK = 0x10;

    /** Flag URG. */
    public static final int URG = 0x20;

    /** Flag CWR. */
    public static final int CWR = 0x80;

    /** Option "end of list". */
    public static final int OPTION_END = 0;

    /** Option "no operation". */
    public static final int OPTION_NOP = 1;

    /** Option "selective acknowledgement" (RFC 2018). */
    public static final int OPTION_SACK = 5;

    private static final int SEQUENCE = 4;
    private static final int ACKNOWLEDGEMENT = 8;
    private static final int DATA_OFFSET = 12;
    private static final int FLAGS = 13;
    private static final int WINDOW = 14;

    private Tcp() {}

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

    /** Sequence number. */
    public static int sequence(final UnsafeBuffer buffer, final int offset) {
        return Memory.getInt(buffer, offset + SEQUENCE);
    }

    /** Sets the sequence number; the checksum is left as it is. */
    public static void sequence(final UnsafeBuffer buffer, final int offset, final int sequence) {
        Memory.putInt(buffer, offset + SEQUENCE, sequence);
    }

    /** Acknowledgement number. */
    public static int acknowledgement(final UnsafeBuffer buffer, final int offset) {
        return Memory.getInt(buffer, offset + ACKNOWLEDGEMENT);
    }

    /** Sets the acknowledgement number; the checksum is left as it is. */
    public static void acknowledgement(final UnsafeBuffer buffer, final int offset, final int acknowledgement) {
        Memory.putInt(buffer, offset + ACKNOWLEDGEMENT, acknowledgement);
    }

    /** Header length and flags in one word: data offset highest, flags lowest. */
    static int lengthAndFlags(final UnsafeBuffer buffer, final int offset) {
        return Memory.getUnsignedShort(buffer, offset + DATA_OFFSET);
    }

    /** Bytes of the header, options included, as the header claims; may be nonsense. */
    public static int headerLength(final UnsafeBuffer buffer, final int offset) {
        return (Memory.getByte(buffer, offset + DATA_OFFSET) & 0xF0) >>> 2;
    }

    /** Sets the bytes of the header. */
    public static void headerLength(final UnsafeBuffer buffer, final int offset, final int length) {
        Memory.putByte(buffer, offset + DATA_OFFSET, (byte) (length << 2));
    }

    /** The eight flags. */
    public static int flags(final UnsafeBuffer buffer, final int offset) {
        return Memory.getByte(buffer, offset + FLAGS) & 0xFF;
    }

    /** Sets the eight flags; the checksum is left as it is. */
    public static void flags(final UnsafeBuffer buffer, final int offset, final int flags) {
        Memory.putByte(buffer, offset + FLAGS, (byte) flags);
    }

    /** Window, not scaled. */
    public static int window(final UnsafeBuffer buffer, final int offset) {
        return Memory.getUnsignedShort(buffer, offset + WINDOW);
    }

    /** Sets the window; the checksum is left as it is. */
    public static void window(final UnsafeBuffer buffer, final int offset, final int window) {
        Memory.putShort(buffer, offset + WINDOW, window);
    }

    /** Checksum. */
    public static int checksum(final UnsafeBuffer buffer, final int offset) {
        return Memory.getUnsignedShort(buffer, offset + CHECKSUM_OFFSET);
    }

    /** Sets the checksum. */
    public static void checksum(final UnsafeBuffer buffer, final int offset, final int checksum) {
        Memory.putShort(buffer, offset + CHECKSUM_OFFSET, checksum);
    }
}
