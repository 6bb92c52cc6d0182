// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import org.agrona.BitUtil;
import org.agrona.collections.Long2LongHashMap;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Immutable map from neighbours to MAC addresses, but for one mark each that says that a worker used it since the
 * conductor looked.
 */
public final class NeighbourTable {
    /** The neighbour is not known. */
    static final int MISSING = -1;

    private final long[] keys;
    private final long[] macs;
    // no AtomicIntegerArray: called once a second it stays interpreted, and a packet waits 25 us for its handle
    private final UnsafeBuffer used;

    /** From {@link #key} to MAC address. */
    public NeighbourTable(Long2LongHashMap neighbours) {
        final int capacity = BitUtil.findNextPositivePowerOfTwo(2 * neighbours.size() + 2);
        keys = new long[capacity];
        macs = new long[capacity];
        used = new UnsafeBuffer(new byte[capacity * BitUtil.SIZE_OF_INT]);
        neighbours.forEachLong((key, mac) -> {
            int slot = hash(key) & (capacity - 1);
            while (keys[slot] != 0) {
                slot = (slot + 1) & (capacity - 1);
            }
            keys[slot] = key;
            macs[slot] = mac;
        });
    }

    /** Key of a neighbour; never 0. */
    public static long key(int port, int address) {
        return (port + 1L) << Integer.SIZE | (address & 0xffff_ffffL);
    }

    /** Port of a key. */
    static int port(long key) {
        return (int) (key >>> Integer.SIZE) - 1;
    }

    /** Place of a neighbour, or {@link #MISSING}. */
    int find(int port, int address) {
        final long key = key(port, address);
        final int last = keys.length - 1;
        int slot = hash(key) & last;
        while (keys[slot] != 0) {
            if (keys[slot] == key) {
                return slot;
            }
            slot = (slot + 1) & last;
        }
        return MISSING;
    }

    /** MAC address of the neighbour at a place. */
    long mac(int slot) {
        return macs[slot];
    }

    /** Notes that a packet goes to the neighbour. Any worker. */
    void use(int slot) {
        // written once in a while only, so that workers do not fight for the cache line
        if (used.getInt(slot * BitUtil.SIZE_OF_INT) == 0) {
            used.putIntRelease(slot * BitUtil.SIZE_OF_INT, 1);
        }
    }

    /** Takes the mark of a neighbour away; returns whether there was one. Conductor. */
    boolean takeUse(int port, int address) {
        final int slot = find(port, address);
        return slot != MISSING && used.getAndSetInt(slot * BitUtil.SIZE_OF_INT, 0) != 0;
    }

    private static int hash(long key) {
        final long mixed = key * 0x9e37_79b9_7f4a_7c15L;
        return (int) (mixed >>> 32);
    }
}
