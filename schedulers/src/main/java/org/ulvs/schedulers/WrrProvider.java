// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

/** wrr: weighted round robin. */
public final class WrrProvider implements SchedulerProvider {
    @Override
    public String name() {
        return "wrr";
    }

    @Override
    public Scheduler create(final ServerPool pool, final int flags, final SchedulerSettings settings) {
        return new WrrScheduler(pool);
    }
}
