// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.shim;

import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/** {@code struct ulvs_ring} of shim.h: what a packet ring is to be, and where it then lies. */
final class RingDescriptor {
    private static final int INTERFACE_OFFSET = 0;
    private static final int BLOCK_SIZE_OFFSET = 4;
    private static final int BLOCK_COUNT_OFFSET = 8;
    private static final int SLOT_SIZE_OFFSET = 12;
    private static final int HEADROOM_OFFSET = 16;
    private static final int FAILED_STEP_OFFSET = 20;
    private static final int ADDRESS_OFFSET = 24;
    private static final int LENGTH_OFFSET = 32;
    private static final int SIZE = 40;

    private static final String[] STEPS = {
        "",
        "opening a packet socket (needs root or CAP_NET_RAW)",
        "TPACKET version",
        "PACKET_RESERVE",
        "PACKET_VNET_HDR",
        "PACKET_IGNORE_OUTGOING",
        "PACKET_QDISC_BYPASS",
        "PACKET_COPY_THRESH",
        "PACKET_RX_RING (memory for the ring)",
        "mapping the ring",
        "SO_SNDBUFFORCE or SO_RCVBUFFORCE (needs CAP_NET_ADMIN)",
        "SO_ATTACH_FILTER",
        "binding to the interface"
    };

    private final UnsafeBuffer buffer = new UnsafeBuffer(BufferUtil.allocateDirectAligned(SIZE, BitUtil.SIZE_OF_LONG));

    RingDescriptor(int interfaceIndex, int mib) {
        buffer.putInt(INTERFACE_OFFSET, interfaceIndex);
        buffer.putInt(BLOCK_SIZE_OFFSET, RingSettings.BLOCK_SIZE);
        buffer.putInt(BLOCK_COUNT_OFFSET, mib);
        buffer.putInt(SLOT_SIZE_OFFSET, RingSettings.SLOT_SIZE);
        buffer.putInt(HEADROOM_OFFSET, RingSettings.RESERVE);
    }

    /** Opens the ring and returns its descriptor. */
    int open(String interfaceName) {
        final int result = Shim.calls().ringOpen(buffer.addressOffset());
        final int step = buffer.getInt(FAILED_STEP_OFFSET);
        return Shim.check(result, "interface " + interfaceName + ": " + STEPS[Math.min(step, STEPS.length - 1)]);
    }

    long address() {
        return buffer.getLong(ADDRESS_OFFSET);
    }

    long length() {
        return buffer.getLong(LENGTH_OFFSET);
    }
}
