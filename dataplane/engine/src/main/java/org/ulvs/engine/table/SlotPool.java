// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.table;

import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.agrona.collections.IntArrayList;
import org.jspecify.annotations.Nullable;
import org.ulvs.cnc.ServerRecords;

/**
 * Gives out server records and holds the object of each. A slot that is given back is used again only after every
 * worker has been seen between two batches, so that no worker still holds it. Conductor only, except {@link #server}.
 */
public final class SlotPool {
    private record Retired(int slot, WorkerEpochs.Moment moment) {}

    private final ServerRecords records;
    private final WorkerEpochs epochs;
    private final AtomicReferenceArray<@Nullable RealServer> servers;
    private final IntArrayList free = new IntArrayList();
    private final ArrayDeque<Retired> retired = new ArrayDeque<>();
    private int untouched;

    SlotPool(ServerRecords records, WorkerEpochs epochs) {
        this.records = records;
        this.epochs = epochs;
        this.servers = new AtomicReferenceArray<>(records.slots());
    }

    /**
     * The server of a slot that a connection refers to; null for a free slot and for a service's. Any thread: whoever
     * has a connection on a server has seen the server.
     */
    public @Nullable RealServer server(int slot) {
        return servers.getPlain(slot);
    }

    /** As {@link #server(int)}, also null for a number that is no slot. */
    public @Nullable RealServer serverOrNull(int slot) {
        return slot >= 0 && slot < servers.length() ? servers.get(slot) : null;
    }

    void server(int slot, RealServer server) {
        servers.set(slot, server);
    }

    /** Takes a cleared record; -1 when all are in use. */
    int take() {
        reclaim();
        final int slot;
        if (!free.isEmpty()) {
            slot = free.removeAt(free.size() - 1);
        } else if (untouched < records.slots()) {
            slot = untouched++;
        } else {
            return -1;
        }
        records.clear(slot);
        return slot;
    }

    /** Takes a certain record as it is, while a table that was written before is read back. */
    void adopt(int slot) {
        while (untouched < slot) {
            free.addInt(untouched++);
        }
        if (untouched == slot) {
            untouched++;
        } else if (!free.removeInt(slot)) {
            throw new IllegalStateException("record " + slot + " is taken twice");
        }
    }

    void giveBack(int slot) {
        servers.set(slot, null);
        retired.add(new Retired(slot, epochs.now()));
    }

    private void reclaim() {
        while (!retired.isEmpty() && epochs.allPassed(retired.getFirst().moment)) {
            free.addInt(retired.removeFirst().slot);
        }
    }
}
