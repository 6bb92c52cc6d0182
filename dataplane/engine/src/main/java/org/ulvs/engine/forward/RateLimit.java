// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.forward;

/** A token bucket for what the dataplane originates. Owned by one worker. */
final class RateLimit {
    private final long nanosPerToken;
    private final long burstNanos;
    private long credit;
    private long lastNs;
    private boolean begun;

    /**
     * A full bucket.
     *
     * @param perSecond tokens a second, 0 for no limit
     * @param burst tokens that a full bucket holds
     */
    RateLimit(int perSecond, int burst) {
        this.nanosPerToken = perSecond == 0 ? 0 : 1_000_000_000L / perSecond;
        this.burstNanos = nanosPerToken * burst;
        this.credit = burstNanos;
    }

    boolean tryTake(long nowNs) {
        if (nanosPerToken == 0) {
            return true;
        }
        if (!begun) {
            begun = true;
            lastNs = nowNs;
        }
        credit = Math.min(burstNanos, credit + Math.max(0, nowNs - lastNs));
        lastNs = nowNs;
        if (credit < nanosPerToken) {
            return false;
        }
        credit -= nanosPerToken;
        return true;
    }
}
