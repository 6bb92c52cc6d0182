// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.shim;

import org.agrona.concurrent.UnsafeBuffer;
import org.ulvs.wire.Frame;

/** What TPACKET_V2 and V3 have in common: status bits, packet types and {@code struct virtio_net_hdr}. */
final class FrameReader {
    static final int STATUS_KERNEL = 0;
    static final int STATUS_USER = 1;
    static final int STATUS_VLAN_VALID = 1 << 4;

    /** Length of {@code struct virtio_net_hdr}, which lies right before the Ethernet header; native byte order. */
    static final int VNET_LENGTH = 10;

    static final int VNET_FLAGS_OFFSET = 0;
    static final int VNET_GSO_TYPE_OFFSET = 1;
    static final int VNET_HEADER_LENGTH_OFFSET = 2;
    static final int VNET_GSO_SIZE_OFFSET = 4;
    static final int VNET_CHECKSUM_START_OFFSET = 6;
    static final int VNET_CHECKSUM_OFFSET_OFFSET = 8;
    static final byte VNET_NEEDS_CHECKSUM = 1;

    private static final byte PACKET_OTHERHOST = 3;

    private FrameReader() {}

    /** Whether a frame of this {@code sll_pkttype} was addressed to us, to a group or to all. */
    static boolean isForUs(byte packetType) {
        return packetType < PACKET_OTHERHOST;
    }

    /**
     * Points a frame at its memory and takes over the offload facts. What lies before the Ethernet header, the
     * virtio header included, is headroom afterwards.
     */
    static void fill(Frame frame, UnsafeBuffer memory, int mac, int headroom, int length, int capacity, int port) {
        frame.wrap(memory.addressOffset() + mac - headroom, headroom, length, capacity, port);
        final int vnet = mac - VNET_LENGTH;
        final boolean partial = (memory.getByte(vnet + VNET_FLAGS_OFFSET) & VNET_NEEDS_CHECKSUM) != 0;
        final int gsoType = memory.getByte(vnet + VNET_GSO_TYPE_OFFSET) & 0xff;
        if (partial || gsoType != 0) {
            frame.offload(
                    partial,
                    memory.getShort(vnet + VNET_CHECKSUM_START_OFFSET) & 0xffff,
                    memory.getShort(vnet + VNET_CHECKSUM_OFFSET_OFFSET) & 0xffff,
                    gsoType,
                    memory.getShort(vnet + VNET_GSO_SIZE_OFFSET) & 0xffff,
                    memory.getShort(vnet + VNET_HEADER_LENGTH_OFFSET) & 0xffff);
        }
    }
}
