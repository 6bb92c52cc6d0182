// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import java.util.concurrent.TimeUnit;

/**
 * Whether a worker's ring at a port is under heavy load: above {@link #HEAVY} frames a second over 2 ms, until it was
 * below {@link #LIGHT} for 50 ms. The worker measures, the switching thread asks.
 */
final class LoadMeter {
    /** Frames a second above which a load is heavy. */
    static final long HEAVY = 150_000;
    /** Frames a second below which a load is light again. */
    static final long LIGHT = 60_000;

    private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long CALM_NS = TimeUnit.MILLISECONDS.toNanos(50);

    private long frames;
    private long measuredNs;
    private long busyNs;
    private volatile boolean heavy;

    LoadMeter(long nowNs) {
        measuredNs = nowNs;
        busyNs = nowNs;
    }

    /** Whether the load is heavy. Any thread. */
    boolean isHeavy() {
        return heavy;
    }

    /**
     * Measures, if it is time to. Worker.
     *
     * @param received frames that have ever come
     * @return whether the verdict has changed
     */
    boolean measure(long received, long nowNs) {
        final long elapsedNs = nowNs - measuredNs;
        if (elapsedNs < INTERVAL_NS) {
            return false;
        }
        final long rate = (received - frames) * TimeUnit.SECONDS.toNanos(1) / elapsedNs;
        frames = received;
        measuredNs = nowNs;
        if (rate >= LIGHT) {
            busyNs = nowNs;
        }
        final boolean verdict = rate > HEAVY || (heavy && nowNs - busyNs < CALM_NS);
        if (verdict == heavy) {
            return false;
        }
        heavy = verdict;
        return true;
    }
}
