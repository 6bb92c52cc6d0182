// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvs;

/** When addresses are announced: some times after a takeover, then from time to time. Pure. */
final class Announcer {
    private static final long NEVER = Long.MAX_VALUE;

    private int repeats;
    private long intervalNs;
    private long refreshNs;
    private int left;
    private long nextNs = NEVER;

    /** How often and how far apart; a refresh of 0 is none. */
    void settings(int newRepeats, long newIntervalNs, long newRefreshNs) {
        repeats = newRepeats;
        intervalNs = newIntervalNs;
        refreshNs = newRefreshNs;
    }

    /** Addresses have been taken over; taking them was the first announcement. */
    void begin(long nowNs) {
        left = Math.max(1, repeats);
        nextNs = nowNs;
    }

    /** Addresses are known to be ours already: only the refresh goes on. */
    void refreshLater(long nowNs) {
        left = 0;
        nextNs = refreshNs > 0 ? nowNs + refreshNs : NEVER;
    }

    void end() {
        left = 0;
        nextNs = NEVER;
    }

    boolean due(long nowNs) {
        return nowNs >= nextNs;
    }

    /**
     * An announcement has been made.
     *
     * @return whether it was the last one of a takeover
     */
    boolean done(long nowNs) {
        final boolean last = left == 1;
        left = Math.max(0, left - 1);
        if (left > 0) {
            nextNs = nowNs + intervalNs;
        } else {
            refreshLater(nowNs);
        }
        return last;
    }

    long nextNs() {
        return nextNs;
    }
}
