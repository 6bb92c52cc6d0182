// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.NanoClock;
import org.ulvs.shim.Ring;

/**
 * How far a worker stays behind the kernel in one ring. At a high rate a ring is left alone until many frames wait in
 * it, of which only a batch is then read. A reader right behind the kernel, and the processor that fetches ahead for
 * it, would take the memory of each slot from the kernel while it is being filled. Worker's thread.
 */
final class Distance {
    /** Frames that wait before a batch is read at a high rate. */
    private static final int FRAMES = 128;
    /** Frames in a batch that may show a high rate. */
    private static final int LARGE_BATCH = 16;
    /** Time between frames at a high rate, at most. What comes in a burst after a silence is none. */
    private static final long HIGH_RATE_NS = 1_000;
    /** How long a ring is left alone before it is looked at. */
    private static final long PAUSE_NS = TimeUnit.MICROSECONDS.toNanos(10);
    /** Looks after which a batch is read, however few frames there are. */
    private static final int LOOKS = 4;

    private long pausedUntilNs;
    private long readNs;
    private long sinceReadNs;
    private int looks;

    /** Of a ring that is joined now. */
    Distance(long nowNs) {
        pausedUntilNs = nowNs;
        readNs = nowNs;
    }

    /**
     * Whether the ring is to be left alone for now.
     *
     * @param nowNs when the duty cycle began
     */
    boolean isKept(Ring ring, NanoClock clock, long nowNs) {
        if (nowNs - pausedUntilNs < 0) {
            return true;
        }
        if (looks > 0 && !ring.hasArrived(FRAMES)) {
            looks--;
            pausedUntilNs = clock.nanoTime() + PAUSE_NS;
            return true;
        }
        return false;
    }

    /**
     * A batch was read.
     *
     * @param count frames in it
     * @param total frames of this duty cycle so far
     * @param nowNs when the duty cycle began
     */
    void onRead(int count, int total, long nowNs) {
        if (total == count) {
            sinceReadNs = nowNs - readNs;
            readNs = nowNs;
        }
        looks = count >= LARGE_BATCH && sinceReadNs <= total * HIGH_RATE_NS ? LOOKS : 0;
    }

    /** Whether the rate is so high that a distance is kept. */
    boolean isWanted() {
        return looks > 0;
    }
}
