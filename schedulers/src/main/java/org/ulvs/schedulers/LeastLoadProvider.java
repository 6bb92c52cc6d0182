// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

/** Makes schedulers that take the least loaded server; what a load is distinguishes them. */
abstract class LeastLoadProvider implements SchedulerProvider {
    private final String name;
    private final LoadMeasure measure;

    LeastLoadProvider(final String name, final LoadMeasure measure) {
        this.name = name;
        this.measure = measure;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final Scheduler create(final ServerPool pool, final int flags, final SchedulerSettings settings) {
        return new LeastLoadScheduler(pool, measure);
    }
}
