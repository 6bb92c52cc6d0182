// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.wire;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/** ICMP header (RFC 792). Offsets are indexes of the header's first byte. */
public final class Icmp {
    /** Bytes of the header. */
    public static final int LENGTH = 8;

    /** Type of an answer to an echo request. */
    public static final int ECHO_REPLY = 0;

    /** Type "destination unreachable". */
    public static final int UNREACHABLE = 3;

    /** Type "source quench". */
    public static final int SOURCE_QUENCH = 4;

    /** Type "redirect". */
    public static final int REDIRECT = 5;

    /** Type of an echo request. */
    public static final int ECHO_REQUEST = 8;

    /** Type "time exceeded". */
    public static final int TIME_EXCEEDED = 11;

    /** Type "parameter problem". */
    public static final int PARAMETER_PROBLEM = 12;

    /** Code of {@link #UNREACHABLE}: no route to the host. */
    public static final int CODE_HOST_UNREACHABLE = 1;

    /** Code of {@link #UNREACHABLE}: nobody speaks the protocol. */
    public static final int CODE_PROTOCOL_UNREACHABLE = 2;

    /** Code of {@link #UNREACHABLE}: nobody at the port. */
    public static final int CODE_PORT_UNREACHABLE = 3;

    /** Code of {@link #UNREACHABLE}: the packet is too large and must not be fragmented. */
    public static final int CODE_FRAGMENTATION_NEEDED = 4;

    /** Code of {@link #TIME_EXCEEDED}: the time to live ended in transit. */
    public static final int CODE_TTL = 0;

    /** Code of {@link #TIME_EXCEEDED}: fragments were missing for too long. */
    public static final int CODE_REASSEMBLY = 1;

    private static final int CODE = 1;
    private static final int CHECKSUM = 2;
    private static final int REST = 4;

    private Icmp() {}

    /** Message type. */
    public static int type(final UnsafeBuffer buffer, final int offset) {
        return buffer.getByte(offset) & 0xFF;
    }

    /** Sets the type; the checksum is left as it is. */
    public static void type(final UnsafeBuffer buffer, final int offset, final int type) {
        buffer.putByte(offset, (byte) type);
    }

    /** Code within the type. */
    public static int code(final UnsafeBuffer buffer, final int offset) {
        return buffer.getByte(offset + CODE) & 0xFF;
    }

    /** Sets the code; the checksum is left as it is. */
    public static void code(final UnsafeBuffer buffer, final int offset, final int code) {
        buffer.putByte(offset + CODE, (byte) code);
    }

    /** Checksum over header and payload. */
    public static int checksum(final UnsafeBuffer buffer, final int offset) {
        return buffer.getShort(offset + CHECKSUM, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }

    /** Sets the checksum. */
    public static void checksum(final UnsafeBuffer buffer, final int offset, final int checksum) {
        buffer.putShort(offset + CHECKSUM, (short) checksum, ByteOrder.BIG_ENDIAN);
    }

    /** Second word of the header: identifier and sequence of an echo, MTU of "fragmentation needed" in the low half. */
    public static int rest(final UnsafeBuffer buffer, final int offset) {
        return buffer.getInt(offset + REST, ByteOrder.BIG_ENDIAN);
    }

    /** Sets the second word of the header; the checksum is left as it is. */
    public static void rest(final UnsafeBuffer buffer, final int offset, final int rest) {
        buffer.putInt(offset + REST, rest, ByteOrder.BIG_ENDIAN);
    }

    /** Computes the checksum over {@code length} bytes of header and payload and writes it. */
    public static void writeChecksum(final UnsafeBuffer buffer, final int offset, final int length) {
        checksum(buffer, offset, 0);
        checksum(buffer, offset, Checksums.complement(Checksums.sum(buffer, offset, length)));
    }

    /** Whether the checksum over {@code length} bytes of header and payload is right. */
    public static boolean isChecksumValid(final UnsafeBuffer buffer, final int offset, final int length) {
        return Checksums.sum(buffer, offset, length) == 0xFFFF;
    }

    /** Whether messages of the type report an error about a packet that they quote. */
    public static boolean isError(final int type) {
        return type == UNREACHABLE
                || type == SOURCE_QUENCH
                || type == REDIRECT
                || type == TIME_EXCEEDED
                || type == PARAMETER_PROBLEM;
    }
}
