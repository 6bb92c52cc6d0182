// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import org.agrona.concurrent.status.AtomicCounter;
import org.ulvs.cnc.Counters;
import org.ulvs.cnc.StandardCounter;
import org.ulvs.shim.RingCounters;

/** What a worker counts at its rings and about itself, as others read it. Single writer: the worker. */
final class WorkerCounters {
    private static final int OTHER_HOST_TYPE_ID = 60;
    private static final int SENT_BYTES_TYPE_ID = 61;
    private static final int NO_ROOM_TYPE_ID = 62;
    private static final int TOO_LONG_TYPE_ID = 63;
    private static final int DOWN_TYPE_ID = 64;
    private static final int REFUSED_TYPE_ID = 65;
    private static final int NO_NEIGHBOUR_TYPE_ID = 66;

    private final RingCounters[] rings;
    private final AtomicCounter sent;
    private final AtomicCounter sentBytes;
    private final AtomicCounter failures;
    private final AtomicCounter lost;
    private final AtomicCounter otherHost;
    private final AtomicCounter noRoom;
    private final AtomicCounter tooLong;
    private final AtomicCounter down;
    private final AtomicCounter refused;
    private final AtomicCounter noNeighbour;
    private final AtomicCounter cycleTimeMax;
    private final AtomicCounter cycleTimeExceeded;
    private long sendDown;
    private long unresolved;

    /** Allocates the rows of a worker with so many ports. Conductor, at start. */
    WorkerCounters(Counters counters, int worker, int ports) {
        rings = new RingCounters[ports];
        for (int port = 0; port < ports; port++) {
            rings[port] = new RingCounters();
        }
        sent = counters.allocate(StandardCounter.FRAMES_SENT, worker);
        sentBytes = counters.allocate(SENT_BYTES_TYPE_ID, "bytes sent", worker);
        failures = counters.allocate(StandardCounter.SEND_FAILURES, worker);
        noRoom = counters.allocate(NO_ROOM_TYPE_ID, "not sent: no room in the interface's queue", worker);
        tooLong = counters.allocate(TOO_LONG_TYPE_ID, "not sent: longer than the interface's MTU", worker);
        down = counters.allocate(DOWN_TYPE_ID, "not sent: interface down", worker);
        refused = counters.allocate(REFUSED_TYPE_ID, "not sent: refused by the kernel", worker);
        noNeighbour = counters.allocate(NO_NEIGHBOUR_TYPE_ID, "not sent: neighbour does not answer", worker);
        lost = counters.allocate(StandardCounter.RING_DROPS, worker);
        otherHost = counters.allocate(OTHER_HOST_TYPE_ID, "frames for other stations", worker);
        cycleTimeMax = counters.allocate(StandardCounter.CYCLE_TIME_MAX, worker);
        cycleTimeExceeded = counters.allocate(StandardCounter.CYCLE_TIME_EXCEEDED, worker);
    }

    /** What the rings of a port count into, whichever ring it is. */
    RingCounters ring(int port) {
        return rings[port];
    }

    /** A frame for a port that has no ring. */
    void sendDown() {
        sendDown++;
    }

    /** A frame whose neighbour is not known, that could not be kept or was kept in vain. */
    void noNeighbour() {
        unresolved++;
    }

    /** A duty cycle of that length. */
    void cycle(long timeNs, long limitNs) {
        if (timeNs > cycleTimeMax.getPlain()) {
            cycleTimeMax.setRelease(timeNs);
        }
        if (timeNs > limitNs) {
            cycleTimeExceeded.incrementRelease();
        }
    }

    /** Shows the sums over all ports. */
    void publish() {
        long frames = 0;
        long bytes = 0;
        long full = 0;
        long longer = 0;
        long downs = sendDown;
        long refusals = 0;
        long losses = 0;
        long others = 0;
        for (final RingCounters ring : rings) {
            frames += ring.sent();
            bytes += ring.sentBytes();
            full += ring.sendNoRoom();
            longer += ring.sendTooLong();
            downs += ring.sendDown();
            refusals += ring.sendRefused();
            losses += ring.lost();
            others += ring.otherHost();
        }
        sent.setRelease(frames);
        sentBytes.setRelease(bytes);
        noRoom.setRelease(full);
        tooLong.setRelease(longer);
        down.setRelease(downs);
        refused.setRelease(refusals);
        noNeighbour.setRelease(unresolved);
        failures.setRelease(full + longer + downs + refusals + unresolved);
        lost.setRelease(losses);
        otherHost.setRelease(others);
    }
}
