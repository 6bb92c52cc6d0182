// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

/**
 * sed: the shortest expected delay, that is, the server with the least (active + 1) per weight; among equals the one
 * that was added last. Inactive connections do not count.
 */
public final class SedProvider implements SchedulerProvider {
    private static final LoadMeasure MEASURE = new LoadMeasure() {
        @Override
        long load(final long counts) {
            return Counts.active(counts) + 1L;
        }

        @Override
        long divisor(final int weight) {
            return weight;
        }
    };

    @Override
    public String name() {
        return "sed";
    }

    @Override
    public Scheduler create(final ServerPool pool, final int flags, final SchedulerSettings settings) {
        return new LeastLoadScheduler(pool, MEASURE);
    }
}
