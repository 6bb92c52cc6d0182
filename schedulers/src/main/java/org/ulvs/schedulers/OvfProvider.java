// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

/**
 * ovf: the server with the greatest weight among those with no more active connections than their weight (so each takes
 * weight + 1); among equals the one that was added last.
 */
public final class OvfProvider implements SchedulerProvider {
    private static final LoadMeasure MEASURE = new LoadMeasure() {
        @Override
        boolean admits(final long counts, final int weight) {
            return super.admits(counts, weight) && Counts.active(counts) <= weight;
        }

        @Override
        long load(final long counts) {
            return 1;
        }

        @Override
        long divisor(final int weight) {
            return weight;
        }
    };

    @Override
    public String name() {
        return "ovf";
    }

    @Override
    public Scheduler create(final ServerPool pool, final int flags, final SchedulerSettings settings) {
        return new LeastLoadScheduler(pool, MEASURE);
    }
}
