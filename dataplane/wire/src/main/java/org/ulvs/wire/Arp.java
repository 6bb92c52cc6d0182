// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.wire;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/** ARP for IPv4 over Ethernet (RFC 826). Offsets are indexes of the ARP header. */
public final class Arp {
    /** Bytes of an ARP packet for IPv4 over Ethernet. */
    public static final int LENGTH = 28;

    /** Asks for the hardware address of the target. */
    public static final int REQUEST = 1;

    /** Answers a request. */
    public static final int REPLY = 2;

    private static final long ETHERNET_IPV4 = 0x0001_0800_0604L;
    private static final int OPERATION = 6;
    private static final int SENDER_HARDWARE = 8;
    private static final int SENDER = 14;
    private static final int TARGET_HARDWARE = 18;
    private static final int TARGET = 24;

    private Arp() {}

    /** Whether hardware and protocol types and lengths are those of IPv4 over Ethernet. */
    public static boolean isEthernetIpv4(final UnsafeBuffer buffer, final int offset) {
        return Ethernet.address(buffer, offset) == ETHERNET_IPV4;
    }

    /** {@link #REQUEST}, {@link #REPLY} or something else. */
    public static int operation(final UnsafeBuffer buffer, final int offset) {
        return buffer.getShort(offset + OPERATION, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }

    /** Hardware address of the sender. */
    public static long senderHardware(final UnsafeBuffer buffer, final int offset) {
        return Ethernet.address(buffer, offset + SENDER_HARDWARE);
    }

    /** IPv4 address of the sender. */
    public static int sender(final UnsafeBuffer buffer, final int offset) {
        return buffer.getInt(offset + SENDER, ByteOrder.BIG_ENDIAN);
    }

    /** Hardware address of the target; means nothing in a request. */
    public static long targetHardware(final UnsafeBuffer buffer, final int offset) {
        return Ethernet.address(buffer, offset + TARGET_HARDWARE);
    }

    /** IPv4 address of the target. */
    public static int target(final UnsafeBuffer buffer, final int offset) {
        return buffer.getInt(offset + TARGET, ByteOrder.BIG_ENDIAN);
    }

    /** Writes a whole packet. */
    public static void write(
            final UnsafeBuffer buffer,
            final int offset,
            final int operation,
            final long senderHardware,
            final int sender,
            final long targetHardware,
            final int target) {
        Ethernet.address(buffer, offset, ETHERNET_IPV4);
        buffer.putShort(offset + OPERATION, (short) operation, ByteOrder.BIG_ENDIAN);
        Ethernet.address(buffer, offset + SENDER_HARDWARE, senderHardware);
        buffer.putInt(offset + SENDER, sender, ByteOrder.BIG_ENDIAN);
        Ethernet.address(buffer, offset + TARGET_HARDWARE, targetHardware);
        buffer.putInt(offset + TARGET, target, ByteOrder.BIG_ENDIAN);
    }
}
