// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.forward;

import org.agrona.DirectBuffer;
import org.ulvs.engine.connection.ConnectionListener;

/** Counts the life of a worker's connections and gives back what they held. Owned by the worker. */
final class CountedConnections implements ConnectionListener {
    private final PacketCounters counters;
    private final SequenceRecords sequences;

    CountedConnections(PacketCounters counters, SequenceRecords sequences) {
        this.counters = counters;
        this.sequences = sequences;
    }

    @Override
    public void onCreated() {
        counters.connectionCreated();
    }

    @Override
    public int onSequenceAdopted(DirectBuffer file, int offset) {
        return sequences.copy(file, offset);
    }

    @Override
    public void onExpired() {
        counters.connectionExpired();
    }

    @Override
    public void onEvicted() {
        counters.connectionEvicted();
    }

    @Override
    public void onTableFull() {
        counters.tableFull();
    }

    @Override
    public void onTemplateMissed() {
        counters.templateMissed();
    }

    @Override
    public void onDestroyed(int connection, int sequence) {
        counters.connectionGone();
        if (sequence != 0) {
            sequences.release(sequence);
        }
    }
}
