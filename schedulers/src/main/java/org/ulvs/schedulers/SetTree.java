// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * The least loaded server of one destination's large set: a {@link LoadTree} whose leaves are the set's members, the
 * newest first, as ties go to it.
 *
 * <p>A tree belongs to an entry of the {@link AddressTable} from {@link #claim} to {@link #releaseIfStale}. Whoever
 * uses or fills it holds the lock of the entry's bucket; changes of a server's counts come from any worker at any time.
 * They meet a fill safely: the worker changes counts and then asks which leaf is the server's, a fill says so and then
 * reads counts, hence one of them sees the other.
 */
final class SetTree {
    private static final int NONE = -1;
    private static final int BEING_CLAIMED = -2;

    private final AtomicInteger owner = new AtomicInteger(NONE);
    private final AtomicIntegerArray serverAt;
    private final AtomicIntegerArray leafOf;
    private final LoadTree tree;
    private int bucket;
    private int changes;
    private int newest;

    SetTree(final ServerPool pool, final LoadMeasure measure) {
        serverAt = filled(pool.size());
        leafOf = filled(pool.size());
        tree = new LoadTree(new MemberPool(pool, serverAt), measure);
    }

    private static AtomicIntegerArray filled(final int size) {
        final AtomicIntegerArray array = new AtomicIntegerArray(size);
        for (int i = 0; i < size; i++) {
            array.set(i, NONE);
        }
        return array;
    }

    /** Takes the tree for an entry, unless it has an owner. */
    boolean claim(final AddressTable table, final int entry) {
        if (owner.getPlain() != NONE || !owner.compareAndSet(NONE, BEING_CLAIMED)) {
            return false;
        }
        bucket = table.bucketOf(entry);
        // to be filled
        changes = table.changes(entry) - 1;
        owner.set(entry);
        return true;
    }

    /** Gives the tree back if its entry has another set by now, or is gone. The conductor, now and then. */
    void releaseIfStale(final AddressTable table) {
        final int entry = owner.get();
        if (entry >= 0 && table.tryLock(bucket)) {
            if (table.changes(entry) != changes) {
                owner.set(NONE);
            }
            table.unlock(bucket);
        }
    }

    boolean isOf(final int entry) {
        return owner.get() == entry;
    }

    /** Takes over the entry's members that are servers of the pool, if the set has changed since. */
    void update(final AddressTable table, final int entry, final Positions positions) {
        if (table.changes(entry) == changes) {
            return;
        }
        final int size = leafOf.length();
        for (int i = 0; i < size; i++) {
            leafOf.set(i, NONE);
            serverAt.set(i, NONE);
        }
        // room before the newest for those that follow
        int leaf = size - membersIn(table, entry, positions);
        newest = leaf;
        for (int member = table.firstMember(entry); member != AddressTable.NONE; member = table.nextMember(member)) {
            final int position = positions.of(table.serverId(member));
            if (position != Positions.NONE) {
                serverAt.set(leaf, position);
                leafOf.set(position, leaf++);
            }
        }
        tree.rebuild();
        changes = table.changes(entry);
    }

    private static int membersIn(final AddressTable table, final int entry, final Positions positions) {
        int members = 0;
        for (int member = table.firstMember(entry); member != AddressTable.NONE; member = table.nextMember(member)) {
            members += positions.of(table.serverId(member)) != Positions.NONE ? 1 : 0;
        }
        return members;
    }

    /** The entry got a new member, the only change of its set since the last update. */
    void add(final AddressTable table, final int entry, final int position) {
        newest--;
        serverAt.set(newest, position);
        leafOf.set(position, newest);
        tree.weightChanged(newest);
        changes = table.changes(entry);
    }

    boolean contains(final int position) {
        return leafOf.get(position) != NONE;
    }

    /** The least loaded usable member, or {@link Scheduler#NONE}. */
    int best() {
        final int leaf = tree.best();
        return leaf == LoadTree.NONE ? Scheduler.NONE : serverAt.get(leaf);
    }

    /** The server that {@link #best} returned was booked; its counts were so before. */
    void booked(final int position, final long before) {
        tree.booked(leafOf.get(position), before);
    }

    /** The server's counts or OVERLOAD flag changed. Any thread. */
    void loadChanged(final int position) {
        final int leaf = leafOf.get(position);
        if (leaf != NONE) {
            tree.changed(leaf);
        }
    }

    /** The server's weight changed. The conductor. */
    void weightChanged(final int position) {
        final int leaf = leafOf.get(position);
        if (leaf != NONE) {
            tree.weightChanged(leaf);
        }
    }

    /** The members as the tree sees them. A leaf without a member has no weight. */
    private static final class MemberPool implements ServerPool {
        private final ServerPool pool;
        private final AtomicIntegerArray serverAt;

        MemberPool(final ServerPool pool, final AtomicIntegerArray serverAt) {
            this.pool = pool;
            this.serverAt = serverAt;
        }

        @Override
        public int size() {
            return serverAt.length();
        }

        @Override
        public int weight(final int leaf) {
            final int position = serverAt.get(leaf);
            return position == NONE ? 0 : pool.weight(position);
        }

        @Override
        public int lastWeight(final int leaf) {
            return pool.lastWeight(serverAt.get(leaf));
        }

        @Override
        public long counts(final int leaf) {
            final int position = serverAt.get(leaf);
            return position == NONE ? 0 : pool.counts(position);
        }

        @Override
        public boolean tryBook(final int leaf, final long expected, final boolean active) {
            return pool.tryBook(serverAt.get(leaf), expected, active);
        }

        @Override
        public int address(final int leaf) {
            return pool.address(serverAt.get(leaf));
        }

        @Override
        public int port(final int leaf) {
            return pool.port(serverAt.get(leaf));
        }

        @Override
        public int id(final int leaf) {
            return pool.id(serverAt.get(leaf));
        }
    }
}
