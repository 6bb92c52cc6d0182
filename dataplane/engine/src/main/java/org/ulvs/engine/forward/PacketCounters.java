// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.forward;

import org.agrona.concurrent.status.AtomicCounter;
import org.ulvs.cnc.Counters;
import org.ulvs.cnc.StandardCounter;
import org.ulvs.wire.DropReason;

/**
 * A worker's counters. Every frame read ends in exactly one of: forwarded (to a server, to a client, routed), answered,
 * left to the host, or a drop reason; frames held for reassembly end there when the datagram is complete or given up.
 * Single writer: the worker.
 */
public final class PacketCounters {
    private final AtomicCounter received;
    private final AtomicCounter bytes;
    private final AtomicCounter toServer;
    private final AtomicCounter toClient;
    private final AtomicCounter routed;
    private final AtomicCounter answered;
    private final AtomicCounter leftToHost;
    private final AtomicCounter held;
    private final AtomicCounter originated;
    private final AtomicCounter created;
    private final AtomicCounter expired;
    private final AtomicCounter evicted;
    private final AtomicCounter connections;
    private final AtomicCounter tableFull;
    private final AtomicCounter templatesMissed;
    private int weight = 1;
    private long newFrames;
    private long newBytes;
    private long newToServer;
    private long newToClient;
    private long newRouted;
    private long newCreated;
    private long newGone;
    private final AtomicCounter[] drops = new AtomicCounter[DropReason.maxId() + 1];

    /** Allocates the rows of a worker. Conductor, at start. */
    public PacketCounters(Counters counters, int worker) {
        received = counters.allocate(StandardCounter.FRAMES_RECEIVED, worker);
        bytes = counters.allocate(StandardCounter.BYTES_RECEIVED, worker);
        toServer = counters.allocate(StandardCounter.FORWARDED_TO_SERVER, worker);
        toClient = counters.allocate(StandardCounter.FORWARDED_TO_CLIENT, worker);
        routed = counters.allocate(StandardCounter.ROUTED, worker);
        answered = counters.allocate(StandardCounter.ANSWERED, worker);
        leftToHost = counters.allocate(StandardCounter.LEFT_TO_HOST, worker);
        held = counters.allocate(StandardCounter.FRAGMENTS_HELD, worker);
        originated = counters.allocate(StandardCounter.ORIGINATED, worker);
        created = counters.allocate(StandardCounter.CONNECTIONS_CREATED, worker);
        expired = counters.allocate(StandardCounter.CONNECTIONS_EXPIRED, worker);
        evicted = counters.allocate(StandardCounter.CONNECTIONS_EVICTED, worker);
        connections = counters.allocate(StandardCounter.CONNECTIONS, worker);
        tableFull = counters.allocate(StandardCounter.CONNECTION_TABLE_FULL, worker);
        templatesMissed = counters.allocate(StandardCounter.TEMPLATES_MISSED, worker);
        for (final DropReason reason : DropReason.values()) {
            drops[reason.id()] = counters.allocateDrop(reason.id(), reason.label(), worker);
        }
    }

    void received(int frames, long length) {
        newFrames += frames;
        newBytes += length;
    }

    /**
     * Shows to others what was counted since the last call: at the end of a batch. What a packet counts is kept in
     * plain fields until then, because a release in between would make the compiler forget all that it has read.
     */
    void publish() {
        if (newFrames != 0) {
            received.getAndAddRelease(newFrames);
            bytes.getAndAddRelease(newBytes);
            toServer.getAndAddRelease(newToServer);
            toClient.getAndAddRelease(newToClient);
            routed.getAndAddRelease(newRouted);
            newFrames = 0;
            newBytes = 0;
            newToServer = 0;
            newToClient = 0;
            newRouted = 0;
        }
        if (newCreated != 0 || newGone != 0) {
            created.getAndAddRelease(newCreated);
            connections.getAndAddRelease(newCreated - newGone);
            newCreated = 0;
            newGone = 0;
        }
    }

    /** Sets how many frames read stand behind the packet that is dealt with: the fragments of a datagram, else 1. */
    void weight(int frames) {
        weight = frames;
    }

    void forwardedToServer() {
        newToServer += weight;
    }

    void forwardedToClient() {
        newToClient += weight;
    }

    void routed() {
        newRouted += weight;
    }

    void answered() {
        answered.getAndAddRelease(weight);
    }

    void leftToHost() {
        leftToHost.getAndAddRelease(weight);
    }

    /** Frames begin to wait for the rest of their datagram, or no longer wait. */
    void held(int frames) {
        held.getAndAddRelease(frames);
    }

    void originated() {
        originated.incrementRelease();
    }

    void dropped(DropReason reason) {
        drops[reason.id()].getAndAddRelease(weight);
    }

    void dropped(int reasonId) {
        drops[reasonId].getAndAddRelease(weight);
    }

    /** Fragments that were held go no further. */
    void droppedHeld(DropReason reason, int frames) {
        held.getAndAddRelease(-frames);
        drops[reason.id()].getAndAddRelease(frames);
    }

    void connectionCreated() {
        newCreated++;
    }

    void connectionExpired() {
        expired.incrementRelease();
    }

    void connectionEvicted() {
        evicted.incrementRelease();
    }

    void connectionGone() {
        newGone++;
    }

    void templateMissed() {
        templatesMissed.incrementRelease();
    }

    void tableFull() {
        tableFull.incrementRelease();
    }
}
