// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import java.util.concurrent.TimeUnit;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.ulvs.shim.Ring;
import org.ulvs.wire.Ethernet;
import org.ulvs.wire.Frame;

/**
 * Copies of frames whose neighbour is being resolved, as the kernel keeps them too: so the first packet of a connection
 * is not lost to the time that ARP takes. Such a frame has in place of a destination a group address that no neighbour
 * can have, with the neighbour's IPv4 address in it. Fixed places; a neighbour gets some of them only. Worker's thread.
 */
final class HoldQueue {
    /** Frames that are kept. */
    static final int PLACES = 64;
    /** Frames that are kept for one neighbour. */
    static final int PLACES_OF_NEIGHBOUR = 16;
    /** Frames longer than this are not kept. */
    static final int MAX_LENGTH = 2048;
    /** Time after which a frame is given up: three tries of ARP, a second each. */
    static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(3);

    private static final long MARK = 0x0300_0000_0000L;
    private static final long MARK_MASK = 0xffff_0000_0000L;
    private static final int HEADROOM = 64;
    private static final int PLACE_LENGTH = HEADROOM + MAX_LENGTH;

    private final UnsafeBuffer memory = new UnsafeBuffer(BufferUtil.allocateDirectAligned(PLACES * PLACE_LENGTH, 64));
    private final Frame[] frames = new Frame[PLACES];
    private final int[] addresses = new int[PLACES];
    private final long[] sinceNs = new long[PLACES];
    /** Places: first those taken, oldest first, then those free. */
    private final int[] order = new int[PLACES];

    private final PublishedNextHops nextHops;
    private final WorkerCounters counters;
    private int size;

    HoldQueue(PublishedNextHops nextHops, WorkerCounters counters) {
        this.nextHops = nextHops;
        this.counters = counters;
        for (int place = 0; place < PLACES; place++) {
            frames[place] = new Frame();
            order[place] = place;
        }
    }

    /** The destination of a frame whose neighbour is not known yet. */
    static long destination(int neighbour) {
        return MARK | (neighbour & 0xffff_ffffL);
    }

    /** Whether a frame's destination is one of {@link #destination}. */
    static boolean isUnresolved(Frame frame) {
        return (Ethernet.destination(frame.buffer(), frame.offset()) & MARK_MASK) == MARK;
    }

    /** Whether no frame waits. */
    boolean isEmpty() {
        return size == 0;
    }

    /** Keeps a copy of an unresolved frame, or counts it as not sent. */
    void hold(Frame frame, int port, long nowNs) {
        final int address = (int) Ethernet.destination(frame.buffer(), frame.offset());
        int ofNeighbour = 0;
        for (int i = 0; i < size; i++) {
            ofNeighbour += addresses[order[i]] == address && frames[order[i]].port() == port ? 1 : 0;
        }
        if (size == PLACES || ofNeighbour == PLACES_OF_NEIGHBOUR || frame.length() > MAX_LENGTH) {
            counters.noNeighbour();
            return;
        }
        final int place = order[size++];
        final int index = place * PLACE_LENGTH;
        memory.putBytes(index + HEADROOM, frame.buffer(), frame.offset(), frame.length());
        final Frame copy = frames[place];
        copy.wrap(memory.addressOffset() + index, HEADROOM, frame.length(), MAX_LENGTH, port);
        copy.vlanTci(frame.vlanTci());
        copy.offload(
                frame.checksumPartial(),
                frame.checksumStart(),
                frame.checksumOffset(),
                frame.gsoType(),
                frame.gsoSize(),
                frame.headerLength());
        addresses[place] = address;
        sinceNs[place] = nowNs;
    }

    /**
     * Queues what can leave now, in order, and gives up what waited too long. The caller flushes the rings.
     *
     * @param rings by port
     * @return frames that left the queue
     */
    int release(@Nullable Ring[] rings, long nowNs) {
        final int before = size;
        int kept = 0;
        for (int i = 0; i < before; i++) {
            final int place = order[i];
            final Frame frame = frames[place];
            final long mac = nextHops.neighbour(frame.port(), addresses[place]);
            final Ring ring = rings[frame.port()];
            if (mac != 0 && ring != null) {
                Ethernet.destination(frame.buffer(), frame.offset(), mac);
                ring.send(frame);
            } else if (nowNs - sinceNs[place] >= PATIENCE_NS) {
                counters.noNeighbour();
            } else {
                // the places that are given back move behind those that are kept
                order[i] = order[kept];
                order[kept++] = place;
            }
        }
        size = kept;
        return before - kept;
    }
}
