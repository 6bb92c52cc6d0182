// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.connection;

import org.ulvs.shim.Prefetch;

/**
 * The connections that the packets of a batch probably belong to. So that a worker with many connections does not wait
 * for memory packet by packet, the buckets of the index are asked for together for all of them, and then the
 * lines that they name. Owned by the worker.
 */
public final class Candidates {
    private final ConnectionTable table;
    private final Prefetch prefetch;
    private final int[] tags;
    private final int[] candidates;

    /** Room for so many packets at a time. */
    public Candidates(ConnectionTable table, int capacity) {
        this.table = table;
        prefetch = new Prefetch(capacity);
        tags = new int[capacity];
        candidates = new int[capacity];
    }

    /** Notes what a packet is to be found by. */
    public void put(int packet, int tag) {
        tags[packet] = tag;
        prefetch.put(packet, table.indexAddress(tag));
    }

    /** Searches for the first so many packets that were noted. */
    public void find(int size) {
        prefetch.request(size);
        for (int i = 0; i < size; i++) {
            final int candidate = table.candidate(tags[i]);
            candidates[i] = candidate;
            prefetch.put(i, table.lineAddress(candidate));
        }
    }

    /** Asks for the lines of what was found. */
    public void fetch(int size) {
        prefetch.request(size);
    }

    /** The connection that a packet probably belongs to, or {@link ConnectionTable#NONE}: to be verified. */
    public int get(int packet) {
        return candidates[packet];
    }
}
