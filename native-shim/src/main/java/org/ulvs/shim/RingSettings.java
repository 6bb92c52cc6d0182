// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.shim;

/**
 * What a worker's ring at an interface is to be.
 *
 * @param interfaceName for messages
 * @param interfaceIndex the kernel's number of the interface
 * @param port the dataplane's number of the interface
 * @param mib MiB of the ring
 */
public record RingSettings(String interfaceName, int interfaceIndex, int port, int mib) {
    /** Bytes of a block, in which slots lie. */
    static final int BLOCK_SIZE = 1 << 20;
    /** Bytes reserved before each frame: 64 of headroom, and 6 so that IP headers lie on a multiple of 16. */
    static final int RESERVE = 70;
    /**
     * Bytes of a slot: a frame of 1,518 bytes and a tag fit. An odd number of cache lines, so that the headers of slots
     * do not compete for the same few places of a cache.
     */
    static final int SLOT_SIZE = 27 * 64;
}
