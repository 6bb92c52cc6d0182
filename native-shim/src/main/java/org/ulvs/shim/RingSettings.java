// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.shim;

/**
 * What a packet ring is to be.
 *
 * @param interfaceName for messages
 * @param interfaceIndex the kernel's number of the interface
 * @param port the dataplane's number of the interface
 * @param version of TPACKET: {@link #BLOCKS} for throughput, {@link #SLOTS} for delay
 * @param blocks of 1 MiB
 */
public record RingSettings(String interfaceName, int interfaceIndex, int port, int version, int blocks) {
    /** TPACKET_V3: frames come by blocks, at the latest after {@link #RETIRE_MS}. */
    public static final int BLOCKS = 3;
    /** TPACKET_V2: frames come one by one, at once. */
    public static final int SLOTS = 2;

    /** Bytes of a block: more than the largest super-frame. */
    static final int BLOCK_SIZE = 1 << 20;
    /** Milliseconds after which a block that is not full is given to the reader. */
    static final int RETIRE_MS = 1;
    /** Bytes reserved before each frame: 64 of headroom, and 6 so that IP headers lie on a multiple of 16. */
    static final int RESERVE = 70;
    /** Bytes of a slot: room for a super-frame of 64 KiB with its headers. */
    static final int SLOT_SIZE = 66 * 1024;

    private static final int V3_FRAME_SIZE = 2048;

    int frameSize() {
        return version == SLOTS ? SLOT_SIZE : V3_FRAME_SIZE;
    }
}
