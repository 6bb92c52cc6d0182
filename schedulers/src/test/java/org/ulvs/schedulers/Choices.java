// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

import java.util.Objects;

/** Shorthand of the tests. */
final class Choices {
    private Choices() {}

    static Scheduler scheduler(final String name, final ServerPool pool) {
        return scheduler(name, pool, 0);
    }

    static Scheduler scheduler(final String name, final ServerPool pool, final int flags) {
        return Objects.requireNonNull(Schedulers.byName(name), name).create(pool, flags, SchedulerSettings.DEFAULTS);
    }

    static ConnectionRequest request() {
        final ConnectionRequest request = new ConnectionRequest();
        request.sourceAddress = 0x0A010001;
        request.destinationAddress = 0x0A000064;
        request.sourcePort = 2000;
        request.destinationPort = 80;
        request.active = true;
        return request;
    }

    /** The positions that so many connections go to, one after the other. */
    static int[] next(final Scheduler scheduler, final int connections) {
        final ConnectionRequest request = request();
        final int[] positions = new int[connections];
        for (int i = 0; i < connections; i++) {
            positions[i] = scheduler.schedule(request);
        }
        return positions;
    }
}
