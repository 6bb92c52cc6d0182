// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.wire;

import org.agrona.concurrent.UnsafeBuffer;

/** Ethernet II header. Addresses are the low 48 bits of a long, first byte highest; offsets are those of the header. */
public final class Ethernet {
    /** Bytes of the header. */
    public static final int LENGTH = 14;

    /** EtherType of IPv4. */
    public static final int TYPE_IPV4 = 0x0800;

    /** EtherType of ARP. */
    public static final int TYPE_ARP = 0x0806;

    /** EtherType of IPv6. */
    public static final int TYPE_IPV6 = 0x86DD;

    /** EtherType of an IEEE 802.1Q tag. */
    public static final int TYPE_VLAN = 0x8100;

    /** EtherType of an IEEE 802.1ad service tag. */
    public static final int TYPE_SERVICE_VLAN = 0x88A8;

    /** The address of everybody. */
    public static final long BROADCAST = 0xFFFF_FFFF_FFFFL;

    private static final int SOURCE = 6;
    private static final int TYPE = 12;

    private Ethernet() {}

    /** Destination address. */
    public static long destination(final UnsafeBuffer buffer, final int offset) {
        return Memory.getLong(buffer, offset) >>> 16;
    }

    /** Sets the destination address. */
    public static void destination(final UnsafeBuffer buffer, final int offset, final long address) {
        address(buffer, offset, address);
    }

    /** Source address. */
    public static long source(final UnsafeBuffer buffer, final int offset) {
        return address(buffer, offset + SOURCE);
    }

    /** Sets the source address. */
    public static void source(final UnsafeBuffer buffer, final int offset, final long address) {
        address(buffer, offset + SOURCE, address);
    }

    /** Sets both addresses. */
    public static void addresses(
            final UnsafeBuffer buffer, final int offset, final long destination, final long source) {
        Memory.putLong(buffer, offset, destination << 16 | source >>> 32);
        Memory.putInt(buffer, offset + Long.BYTES, (int) source);
    }

    /** EtherType, 0..0xFFFF. */
    public static int type(final UnsafeBuffer buffer, final int offset) {
        return Memory.getUnsignedShort(buffer, offset + TYPE);
    }

    /** Sets the EtherType. */
    public static void type(final UnsafeBuffer buffer, final int offset, final int type) {
        Memory.putShort(buffer, offset + TYPE, type);
    }

    /** Whether the address is a group's, broadcast included. */
    public static boolean isGroup(final long address) {
        return (address & 0x0100_0000_0000L) != 0;
    }

    /** Reads six bytes as an address. */
    public static long address(final UnsafeBuffer buffer, final int index) {
        return (long) Memory.getUnsignedShort(buffer, index) << 32 | (Memory.getInt(buffer, index + 2) & 0xFFFF_FFFFL);
    }

    /** Writes an address into six bytes. */
    public static void address(final UnsafeBuffer buffer, final int index, final long address) {
        Memory.putShort(buffer, index, (short) (address >>> 32));
        Memory.putInt(buffer, index + 2, (int) address);
    }
}
