// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.daemon;

import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.NanoClock;

/**
 * The time that a loop has been able to run. It stands where a wait of the loop ends much later than it was to, since
 * the process or the machine was stopped meanwhile: what others did not do then must not be held against them.
 *
 * <p>For the thread of the loop alone.
 */
public final class RunningClock implements NanoClock {
    private static final long TOLERANCE_NS = TimeUnit.MILLISECONDS.toNanos(50);

    private final NanoClock clock;
    private long lostNs;
    private long backNs;
    private boolean waiting;

    /** A clock that has not lost anything yet. */
    public RunningClock(NanoClock clock) {
        this.clock = clock;
    }

    /** The loop is going to wait, at most so long. */
    public void willWait(long waitNs) {
        waiting = true;
        backNs = clock.nanoTime() + waitNs;
    }

    /** The loop runs, having waited or not. To be called before any look at the time. */
    public void runs() {
        final long lateNs = clock.nanoTime() - backNs;
        if (waiting && lateNs > TOLERANCE_NS) {
            lostNs += lateNs;
        }
        waiting = false;
    }

    @Override
    public long nanoTime() {
        return clock.nanoTime() - lostNs;
    }
}
