// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

/**
 * nq: never queue. The idle server (no active connection) that was added last, whatever its weight; where none is idle,
 * sed.
 */
public final class NqProvider implements SchedulerProvider {
    private static final LoadMeasure MEASURE = new LoadMeasure() {
        @Override
        long load(final long counts) {
            return Counts.active(counts) == 0 ? 0 : Counts.active(counts) + 1L;
        }

        @Override
        long divisor(final int weight) {
            return weight;
        }
    };

    @Override
    public String name() {
        return "nq";
    }

    @Override
    public Scheduler create(final ServerPool pool, final int flags, final SchedulerSettings settings) {
        return new LeastLoadScheduler(pool, MEASURE);
    }
}
