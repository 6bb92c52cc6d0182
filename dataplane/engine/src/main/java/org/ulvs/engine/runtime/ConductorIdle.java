// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

/**
 * What the conductor does when there is nothing to do. After work it expects more, and sleeps for 2 ms at most; when
 * none has come for a while it sleeps longer, so that an idle dataplane takes less of a core.
 */
final class ConductorIdle implements IdleStrategy {
    /** Cycles without work after which it sleeps longer; most of them take 2 ms. */
    static final int ATTENTIVE_CYCLES = 64;

    static final long QUIET_PARK_NS = TimeUnit.MILLISECONDS.toNanos(10);

    private static final int SPINS = 10;
    private static final int YIELDS = 10;
    private static final long LEAST_PARK_NS = 62_500;
    private static final long ATTENTIVE_PARK_NS = TimeUnit.MILLISECONDS.toNanos(2);

    private final IdleStrategy attentive = new BackoffIdleStrategy(SPINS, YIELDS, LEAST_PARK_NS, ATTENTIVE_PARK_NS);
    private final LongConsumer park;
    private int cycles;

    /** Sleeps by the given call, for so many nanoseconds or until somebody wakes the thread. */
    ConductorIdle(LongConsumer park) {
        this.park = park;
    }

    @Override
    public void idle(int workCount) {
        if (workCount > 0) {
            reset();
        } else {
            idle();
        }
    }

    @Override
    public void idle() {
        if (cycles < ATTENTIVE_CYCLES) {
            cycles++;
            attentive.idle();
        } else {
            park.accept(QUIET_PARK_NS);
        }
    }

    @Override
    public void reset() {
        cycles = 0;
        attentive.reset();
    }
}
