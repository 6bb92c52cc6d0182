// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

import org.jspecify.annotations.Nullable;

/**
 * Passes on what workers tell a scheduler that has been replaced after a change of its pool, until all of them use the
 * new one. Any thread.
 */
final class Succession {
    private final Scheduler scheduler;
    private final ServerPool pool;
    private final Positions positions;
    private volatile @Nullable Succession successor;

    /** Of a scheduler over its pool. */
    Succession(final Scheduler scheduler, final ServerPool pool) {
        this.scheduler = scheduler;
        this.pool = pool;
        positions = new Positions(pool);
    }

    /** Sets who comes after. */
    void successor(final Succession next) {
        successor = next;
    }

    /** Tells the successor, if there is one, of a changed load, unless the server is not in its pool. */
    void loadChanged(final int position) {
        final Succession next = successor;
        if (next != null) {
            final int nextPosition = next.positions.of(pool.id(position));
            if (nextPosition != Positions.NONE) {
                next.scheduler.loadChanged(nextPosition);
            }
        }
    }
}
