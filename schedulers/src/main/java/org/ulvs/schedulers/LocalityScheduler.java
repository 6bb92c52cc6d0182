// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

import java.util.concurrent.atomic.AtomicLong;
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
    /** Finds the server with the least active connections per weight, whether overloaded or not. */
    private static final LoadMeasure ACTIVE_PER_WEIGHT = new LoadMeasure() {
        @Override
        long load(final long counts) {
            return Counts.active(counts);
        }

        @Override
        long divisor(final int weight) {
            return weight;
        }

        @Override
        boolean admits(final long counts, final int weight) {
            return weight > 0;
        }
    };

    final ServerPool pool;
    final SchedulerSettings settings;
    final AddressTable table;
    final AtomicLong overflows;
    final Positions positions;
    private final LoadTree leastLoaded;
    private final LoadTree leastActive;
    private volatile @Nullable LocalityScheduler successor;

    LocalityScheduler(
            final ServerPool pool,
            final SchedulerSettings settings,
            final AddressTable table,
            final AtomicLong overflows) {
        this.pool = pool;
        this.settings = settings;
        this.table = table;
        this.overflows = overflows;
        positions = new Positions(pool);
        leastLoaded = new LoadTree(pool, WlcProvider.MEASURE);
        leastActive = new LoadTree(pool, ACTIVE_PER_WEIGHT);
    }

    /** Books a connection on a server that the entry names, or returns {@link #NONE}. The entry's bucket is locked. */
    abstract int bookRemembered(int entry, ConnectionRequest request);

    /** Takes a server into the entry. Returns false if there is no room. The entry's bucket is locked. */
    abstract boolean remember(int entry, int id, long nowMillis);

    /** A scheduler of the same kind for the changed pool with the same table. */
    abstract LocalityScheduler succeed(ServerPool changedPool);

    @Override
    public final int schedule(final ConnectionRequest request) {
        final int address = request.destinationAddress;
        final int bucket = AddressTable.bucket(address);
        if (!table.tryLock(bucket)) {
            overflows.incrementAndGet();
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
                if (entry == AddressTable.NONE || !remember(entry, pool.id(position), request.nowMillis)) {
                    overflows.incrementAndGet();
                }
            }
        }
        table.unlock(bucket);
        return position;
    }

    /** Whether the server has more active connections than its weight while another has less than half of its own. */
    final boolean isBusyWhileOthersIdle(final int position, final long counts) {
        if (Counts.active(counts) <= pool.weight(position)) {
            return false;
        }
        final int idlest = leastActive.best();
        return idlest != LoadTree.NONE && Counts.active(pool.counts(idlest)) * 2L < pool.weight(idlest);
    }

    @Override
    public final void loadChanged(final int position) {
        leastLoaded.changed(position);
        leastActive.changed(position);
        final LocalityScheduler next = successor;
        if (next != null) {
            final int nextPosition = next.positions.of(pool.id(position));
            if (nextPosition != Positions.NONE) {
                next.loadChanged(nextPosition);
            }
        }
    }

    @Override
    public final void weightChanged(final int position) {
        leastLoaded.weightChanged(position);
        leastActive.weightChanged(position);
    }

    @Override
    public final Scheduler poolChanged(final ServerPool changedPool, final int removedId) {
        final LocalityScheduler next = succeed(changedPool);
        successor = next;
        // what workers changed while the trees grew went to this instance only
        next.leastLoaded.rebuild();
        next.leastActive.rebuild();
        return next;
    }

    @Override
    public final long overflows() {
        return overflows.get();
    }
}
