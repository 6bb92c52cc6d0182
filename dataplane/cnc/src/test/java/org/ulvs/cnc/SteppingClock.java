// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

import org.agrona.concurrent.EpochClock;

/** A clock that the test turns; each reading also takes it on by a step, so that a wait comes to its end. */
final class SteppingClock implements EpochClock {
    private final long stepMs;
    private long nowMs = 1_700_000_000_000L;

    SteppingClock(long stepMs) {
        this.stepMs = stepMs;
    }

    @Override
    public long time() {
        nowMs += stepMs;
        return nowMs;
    }

    void advance(long milliseconds) {
        nowMs += milliseconds;
    }
}
