// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.shim;

/**
 * What a worker's ring at an interface is to be.
 *
 * @param interfaceName for messages
 * @param interfaceIndex the kernel's number of the interface
 * @param port the dataplane's number of the interface
 * @param kind of the ring
 * @param slotMib MiB of the half with slots
 * @param blockMib MiB of the half with blocks
 */
public record RingSettings(String interfaceName, int interfaceIndex, int port, Kind kind, int slotMib, int blockMib) {
    /** How frames come in. */
    public enum Kind {
        /** TPACKET_V2: frames come one by one, at once. */
        SLOTS,
        /** TPACKET_V3: frames come by blocks, full or after a millisecond. */
        BLOCKS,
        /** Both, switched by load. */
        BOTH
    }

    /** TPACKET_V3. */
    static final int V3 = 3;
    /** TPACKET_V2. */
    static final int V2 = 2;

    /** Bytes of a block: more than the largest super-frame. */
    static final int BLOCK_SIZE = 1 << 20;
    /** Milliseconds after which a block that is not full is given to the reader. */
    static final int RETIRE_MS = 1;
    /** Bytes reserved before each frame: 64 of headroom, and 6 so that IP headers lie on a multiple of 16. */
    static final int RESERVE = 70;
    /** Bytes of a slot: room for a super-frame of 64 KiB with its headers. */
    static final int SLOT_SIZE = 66 * 1024;

    private static final int V3_FRAME_SIZE = 2048;

    static int frameSize(int version) {
        return version == V2 ? SLOT_SIZE : V3_FRAME_SIZE;
    }

    /** Sockets of one ring, in the order of their positions in the fanout group: slots before blocks. */
    public int sockets() {
        return kind == Kind.BOTH ? 2 : 1;
    }
}
