// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

/**
 * wlc: the server with the least connection overhead (active * 256 + inactive) per weight; among equals the one that
 * was added last.
 */
public final class WlcProvider implements SchedulerProvider {
    static final LoadMeasure MEASURE = new LoadMeasure() {
        @Override
        long load(final long counts) {
            return Counts.overhead(counts);
        }

        @Override
        long divisor(final int weight) {
            return weight;
        }
    };

    @Override
    public String name() {
        return "wlc";
    }

    @Override
    public Scheduler create(final ServerPool pool, final int flags, final SchedulerSettings settings) {
        return new LeastLoadScheduler(pool, MEASURE);
    }
}
