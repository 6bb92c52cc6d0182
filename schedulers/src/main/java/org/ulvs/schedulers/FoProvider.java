// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

/**
 * fo: the server with the greatest weight that is not overloaded; among equals the one that was added last.
 */
public final class FoProvider implements SchedulerProvider {
    private static final LoadMeasure MEASURE = new LoadMeasure() {
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
        return "fo";
    }

    @Override
    public Scheduler create(final ServerPool pool, final int flags, final SchedulerSettings settings) {
        return new LeastLoadScheduler(pool, MEASURE);
    }
}
