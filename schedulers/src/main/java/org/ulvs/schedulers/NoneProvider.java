// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

/** none: schedules nothing; only connections that exist already are served. */
public final class NoneProvider implements SchedulerProvider {
    private static final Scheduler NOTHING = new Scheduler() {
        @Override
        public int schedule(final ConnectionRequest request) {
            return NONE;
        }

        @Override
        public Scheduler poolChanged(final ServerPool pool, final int removedId) {
            return this;
        }
    };

    @Override
    public String name() {
        return "none";
    }

    @Override
    public Scheduler create(final ServerPool pool, final int flags, final SchedulerSettings settings) {
        return NOTHING;
    }
}
