// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

/**
 * What rr and wrr share: a pointer that moves through the list of servers, over those that are usable.
 *
 * <p>The pointer moves first, by compare-and-set, and the connection is booked then. A server that reached its upper
 * threshold in between is passed over, as if it had been overloaded before.
 */
abstract class RotatingScheduler implements Scheduler {
    /** The pointer before the first server. */
    static final int HEAD = -1;

    final ServerPool pool;
    final WeightTree tree;
    private final Succession succession;

    RotatingScheduler(final ServerPool pool) {
        this.pool = pool;
        tree = new WeightTree(pool);
        succession = new Succession(this, pool);
    }

    /** Moves the pointer to the next usable server. Returns its position or {@link #NONE}. */
    abstract int advance();

    /** A scheduler of the same kind for the changed pool with the state that survives. */
    abstract RotatingScheduler succeed(ServerPool changedPool, int removedId);

    @Override
    public final int schedule(final ConnectionRequest request) {
        while (true) {
            final int position = advance();
            if (position == NONE) {
                return NONE;
            }
            final boolean booked = Booking.bookUnlessOverloaded(pool, position, request.active);
            tree.update(position);
            if (booked) {
                return position;
            }
        }
    }

    @Override
    public final void loadChanged(final int position) {
        tree.update(position);
        succession.loadChanged(position);
    }

    @Override
    public void weightChanged(final int position) {
        tree.update(position);
    }

    @Override
    public final Scheduler poolChanged(final ServerPool changedPool, final int removedId) {
        final RotatingScheduler next = succeed(changedPool, removedId);
        succession.successor(next.succession);
        // what workers changed while the tree grew went to this instance only
        next.tree.rebuild();
        return next;
    }
}
