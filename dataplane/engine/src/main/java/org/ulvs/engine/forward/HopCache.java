// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.forward;

/**
 * The ways to the destinations that packets went to last, so that a packet to a real server costs one comparison
 * instead of a search by prefix and one for the neighbour. What is behind a gateway is not remembered: clients are more
 * than any memory of destinations holds, and the table has their way at hand. Forgotten when the host's tables change,
 * and every now and then, so that neighbours in use are seen to be in use. Owned by the worker.
 */
public final class HopCache {
    private static final int BITS = 10;

    private final NextHops nextHops;
    private final Entry[] entries = new Entry[1 << BITS];
    private long epoch = 1;
    private int generation;

    /** A way and what it is for. */
    private static final class Entry extends NextHops.Hop {
        private int destination;
        private long epoch;

        private Entry() {}
    }

    /** Remembers nothing yet. */
    public HopCache(NextHops nextHops) {
        this.nextHops = nextHops;
        for (int i = 0; i < entries.length; i++) {
            entries[i] = new Entry();
        }
    }

    /** Begins a batch: what changed since the last one is seen. */
    void begin() {
        final int current = nextHops.generation();
        if (current != generation) {
            generation = current;
            epoch++;
        }
    }

    /** Forgets all. */
    void clear() {
        epoch++;
    }

    /** The way to a destination, as {@link NextHops#lookup} says now or said before; valid until the next call. */
    public NextHops.Hop find(int destination) {
        final Entry entry = entries[(destination * 0x9E37_79B1) >>> (Integer.SIZE - BITS)];
        return entry.destination == destination && entry.epoch == epoch ? entry : further(entry, destination);
    }

    private NextHops.Hop further(Entry entry, int destination) {
        final NextHops.Hop gateway = nextHops.gateway(destination);
        if (gateway != null) {
            return gateway;
        }
        search(entry, destination);
        return entry;
    }

    private void search(Entry entry, int destination) {
        final int result = nextHops.lookup(destination, entry);
        entry.destination = destination;
        entry.result = result;
        // a neighbour that is being asked for is asked for again by the next packet
        entry.epoch = result == NextHops.FORWARD && entry.isResolved() ? epoch : 0;
    }
}
