// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.forward;

import org.ulvs.engine.connection.Candidates;
import org.ulvs.engine.connection.ConnectionTable;
import org.ulvs.wire.Ethernet;
import org.ulvs.wire.Frame;
import org.ulvs.wire.FrameBatch;
import org.ulvs.wire.PacketView;

/**
 * The packets of a batch, parsed, each with the connection that it probably belongs to. What holds for the port that
 * all of them came through is asked once. Owned by the worker.
 */
final class PreparedBatch {
    private final ConnectionTable table;
    private final NextHops nextHops;
    private final PacketCounters counters;
    private PacketView[] views = {};
    private int[] results = {};
    private Candidates candidates;
    private boolean inside;
    private long macAddress;

    PreparedBatch(ConnectionTable table, NextHops nextHops, PacketCounters counters) {
        this.table = table;
        this.nextHops = nextHops;
        this.counters = counters;
        candidates = new Candidates(table, 0);
    }

    /** Parses all frames of a batch and counts them; returns how many there are. */
    int prepare(FrameBatch batch) {
        final int size = batch.size();
        if (views.length < size) {
            grow(batch.capacity());
        }
        final int port = batch.get(0).port();
        inside = nextHops.isInside(port);
        macAddress = nextHops.macAddress(port);
        counters.received(size, parse(batch, size));
        candidates.find(size);
        candidates.fetch(size);
        return size;
    }

    private void grow(int capacity) {
        views = new PacketView[capacity];
        results = new int[capacity];
        candidates = new Candidates(table, capacity);
        for (int i = 0; i < capacity; i++) {
            views[i] = new PacketView();
        }
    }

    /** Returns the bytes of the frames. */
    private long parse(FrameBatch batch, int size) {
        long bytes = 0;
        for (int i = 0; i < size; i++) {
            final Frame frame = batch.get(i);
            final PacketView view = views[i];
            bytes += frame.wireLength();
            results[i] = view.parse(frame);
            final int tag = inside
                    ? table.tag(view.destination(), view.destinationPort(), view.protocol())
                    : table.tag(view.source(), view.sourcePort(), view.protocol());
            candidates.put(i, tag);
        }
        return bytes;
    }

    /** Whether the packets come from the side of the real servers. */
    boolean isInside() {
        return inside;
    }

    /** Whether a frame of the batch was sent to our hardware address on the interface that it came from. */
    boolean isForUs(Frame frame) {
        return Ethernet.destination(frame.buffer(), frame.offset()) == macAddress;
    }

    /** The connection that a packet probably belongs to, or {@link ConnectionTable#NONE}: to be verified. */
    int candidate(int packet) {
        return candidates.get(packet);
    }

    /** What a packet's headers say. */
    PacketView view(int packet) {
        return views[packet];
    }

    /** The result of {@link PacketView#parse}. */
    int result(int packet) {
        return results[packet];
    }
}
