// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

/**
 * lc: the server with the least connection overhead (active * 256 + inactive), weights ignored; among equals the one
 * that was added last.
 */
public final class LcProvider implements SchedulerProvider {
    private static final LoadMeasure MEASURE = new LoadMeasure() {
        @Override
        long load(final long counts) {
            return Counts.overhead(counts);
        }

        @Override
        long divisor(final int weight) {
            return 1;
        }
    };

    @Override
    public String name() {
        return "lc";
    }

    @Override
    public Scheduler create(final ServerPool pool, final int flags, final SchedulerSettings settings) {
        return new LeastLoadScheduler(pool, MEASURE);
    }
}
