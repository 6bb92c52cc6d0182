// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

/** rr: round robin. */
public final class RrProvider implements SchedulerProvider {
    @Override
    public String name() {
        return "rr";
    }

    @Override
    public Scheduler create(final ServerPool pool, final int flags, final SchedulerSettings settings) {
        return new RrScheduler(pool, RotatingScheduler.HEAD);
    }
}
