// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

import org.jspecify.annotations.Nullable;

/**
 * What lblc and lblcr share: destinations keep to the servers that have served them before, as long as these are
 * available and not busy while others are idle; otherwise wlc chooses.
 *
 * <p>A choice for a destination is made under the lock of the destination's bucket, so two workers never choose for the
 * same destination at once. A worker that does not get the lock within its bounded attempts takes the server that wlc
 * gives it, without remembering it.
 */
abstract class LocalityScheduler implements Scheduler {
    final ServerPool pool;
    final SchedulerSettings settings;
    final AddressTable table;
    final Positions positions;
    private final LoadTree leastLoaded;
    private final LoadTree anyIdle;
    private volatile @Nullable LocalityScheduler successor;

    LocalityScheduler(final ServerPool pool, final SchedulerSettings settings, final AddressTable table) {
        this.pool = pool;
        this.settings = settings;
        this.table = table;
        positions = new Positions(pool);
        leastLoaded = new LoadTree(pool, LoadMeasure.OVERHEAD);
        anyIdle = new LoadTree(pool, LoadMeasure.ANY_IDLE);
    }

    /** Books a connection on a server that the entry names, or returns {@link #NONE}. The entry's bucket is locked. */
    abstract int bookRemembered(int entry, ConnectionRequest request);

    /** Takes a server into the entry. Returns false if there is no room. The entry's bucket is locked. */
    abstract boolean remember(int entry, int position, long nowMillis);

    /** A scheduler of the same kind for the changed pool with the same table. */
    abstract LocalityScheduler succeed(ServerPool changedPool);

    @Override
    public final int schedule(final ConnectionRequest request) {
        final int address = request.destinationAddress;
        final int bucket = AddressTable.bucket(address);
        if (!table.tryLock(bucket)) {
            table.overflowed();
            return leastLoaded.book(request.active);
        }
        int entry = table.use(bucket, address, request.nowMillis);
        int position = entry == AddressTable.NONE ? NONE : bookRemembered(entry, request);
        if (position == NONE) {
            position = leastLoaded.book(request.active);
            if (position != NONE) {
                if (entry == AddressTable.NONE) {
                    entry = table.add(bucket, address, request.nowMillis);
                }
                if (entry == AddressTable.NONE || !remember(entry, position, request.nowMillis)) {
                    table.overflowed();
                }
            }
        }
        table.unlock(bucket);
        return position;
    }

    /** Whether the server has more active connections than its weight while another has less than half of its own. */
    final boolean isBusyWhileOthersIdle(final int position, final long counts) {
        return Counts.active(counts) > pool.weight(position) && anyIdle.best() != LoadTree.NONE;
    }

    @Override
    public void loadChanged(final int position) {
        leastLoaded.changed(position);
        anyIdle.changed(position);
        final LocalityScheduler next = successor;
        if (next != null) {
            final int nextPosition = next.positions.of(pool.id(position));
            if (nextPosition != Positions.NONE) {
                next.loadChanged(nextPosition);
            }
        }
    }

    @Override
    public void weightChanged(final int position) {
        leastLoaded.weightChanged(position);
        anyIdle.weightChanged(position);
    }

    @Override
    public final Scheduler poolChanged(final ServerPool changedPool, final int removedId) {
        final LocalityScheduler next = succeed(changedPool);
        successor = next;
        // what workers changed while the trees grew went to this instance only
        next.leastLoaded.rebuild();
        next.anyIdle.rebuild();
        return next;
    }

    @Override
    public final long overflows() {
        return table.overflows();
    }
}
