// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

import org.jspecify.annotations.Nullable;

/** lblcr: locality-based least connection with replication; a set of servers for each destination address. */
public final class LblcrProvider implements SchedulerProvider {
    /** Destinations that a service can remember; a quarter of it is what the kernel aims at. */
    static final int CAPACITY = 4 * AddressTable.MAX_ENTRIES;
    /** Servers in all sets together. */
    static final int MEMBER_CAPACITY = 2 * CAPACITY;
    /** Large sets that are not scanned for each choice. */
    private static final int TREES = 8;
    /** Members from which on a set is a large one. */
    private static final int LARGE = 8;

    @Override
    public String name() {
        return "lblcr";
    }

    @Override
    public Scheduler create(final ServerPool pool, final int flags, final SchedulerSettings settings) {
        return new LblcrScheduler(pool, settings, new AddressTable(CAPACITY, MEMBER_CAPACITY));
    }

    private static final class LblcrScheduler extends LocalityScheduler {
        private final SetTree[] trees = new SetTree[TREES];

        LblcrScheduler(final ServerPool pool, final SchedulerSettings settings, final AddressTable table) {
            super(pool, settings, table);
            for (int i = 0; i < TREES; i++) {
                trees[i] = new SetTree(pool, LoadMeasure.OVERHEAD);
            }
        }

        @Override
        int bookRemembered(final int entry, final ConnectionRequest request) {
            boolean shrunk = false;
            while (true) {
                final SetTree tree = treeOf(entry);
                final int position = leastLoaded(tree, entry);
                final long counts = position == NONE ? 0 : pool.counts(position);
                if (position != leastLoaded(tree, entry)) {
                    // the counts may be newer than the comparison
                    continue;
                }
                if (!shrunk) {
                    shrink(entry, request.nowMillis);
                    shrunk = true;
                }
                if (position == NONE || isBusyWhileOthersIdle(position, counts)) {
                    return NONE;
                }
                if (pool.tryBook(position, counts, request.active)) {
                    if (tree != null) {
                        tree.booked(position, counts);
                    }
                    return position;
                }
            }
        }

        @Override
        boolean remember(final int entry, final int position, final long nowMillis) {
            final SetTree tree = treeOf(entry);
            if (tree == null) {
                return isMember(entry, pool.id(position)) || table.addMember(entry, pool.id(position), nowMillis);
            }
            if (tree.contains(position)) {
                return true;
            }
            final boolean added = table.addMember(entry, pool.id(position), nowMillis);
            if (added) {
                tree.add(table, entry, position);
            }
            return added;
        }

        private boolean isMember(final int entry, final int id) {
            int member = table.firstMember(entry);
            while (member != AddressTable.NONE && table.serverId(member) != id) {
                member = table.nextMember(member);
            }
            return member != AddressTable.NONE;
        }

        @Override
        public void loadChanged(final int position) {
            super.loadChanged(position);
            for (final SetTree tree : trees) {
                tree.loadChanged(position);
            }
        }

        @Override
        public void weightChanged(final int position) {
            super.weightChanged(position);
            for (final SetTree tree : trees) {
                tree.weightChanged(position);
            }
        }

        @Override
        LocalityScheduler succeed(final ServerPool changedPool) {
            return new LblcrScheduler(changedPool, settings, table);
        }

        @Override
        public void tick(final long nowMillis) {
            table.tick(nowMillis, expirationMillis());
            for (final SetTree tree : trees) {
                tree.releaseIfStale(table);
            }
        }

        private long expirationMillis() {
            return settings.lblcrExpirationSeconds() * 1000L;
        }

        /** The usable member with the least connection overhead per weight, the newest among equals, or NONE. */
        private int leastLoaded(final @Nullable SetTree tree, final int entry) {
            return tree != null ? tree.best() : scan(entry);
        }

        /** The tree of the entry's set, up to date, or null if it has none. */
        private @Nullable SetTree treeOf(final int entry) {
            for (final SetTree tree : trees) {
                if (tree.isOf(entry)) {
                    tree.update(table, entry, positions);
                    return tree;
                }
            }
            return null;
        }

        private int scan(final int entry) {
            int best = NONE;
            long bestCounts = 0;
            int members = 0;
            int member = table.firstMember(entry);
            while (member != AddressTable.NONE) {
                final int position = positions.of(table.serverId(member));
                if (position != NONE && Booking.isUsable(pool, position)) {
                    final long counts = pool.counts(position);
                    if (best == NONE || isLessLoaded(position, counts, best, bestCounts)) {
                        best = position;
                        bestCounts = counts;
                    }
                }
                member = table.nextMember(member);
                members++;
            }
            if (members >= LARGE) {
                plant(entry);
            }
            return best;
        }

        /** A large set gets a tree for its next choice, if there is one left. */
        private void plant(final int entry) {
            for (final SetTree tree : trees) {
                if (tree.isOf(entry) || tree.claim(table, entry)) {
                    return;
                }
            }
        }

        /**
         * Removes one member of a set that did not change for the time of expiration: one that is no longer a server of
         * the service, else the most loaded one.
         */
        private void shrink(final int entry, final long nowMillis) {
            final int first = table.firstMember(entry);
            if (first == AddressTable.NONE
                    || table.nextMember(first) == AddressTable.NONE
                    || nowMillis - table.lastChange(entry) <= expirationMillis()) {
                return;
            }
            final int member = mostLoaded(first);
            if (member != AddressTable.NONE) {
                table.removeMember(entry, member, nowMillis);
            }
        }

        private int mostLoaded(final int first) {
            int most = AddressTable.NONE;
            int mostPosition = NONE;
            long mostCounts = 0;
            for (int member = first; member != AddressTable.NONE; member = table.nextMember(member)) {
                final int position = positions.of(table.serverId(member));
                if (position == NONE) {
                    return member;
                }
                if (pool.weight(position) > 0) {
                    final long counts = pool.counts(position);
                    if (mostPosition == NONE || isLessLoaded(mostPosition, mostCounts, position, counts)) {
                        most = member;
                        mostPosition = position;
                        mostCounts = counts;
                    }
                }
            }
            return most;
        }

        private boolean isLessLoaded(
                final int position, final long counts, final int otherPosition, final long otherCounts) {
            return Counts.overhead(counts) * pool.weight(otherPosition)
                    < Counts.overhead(otherCounts) * pool.weight(position);
        }
    }
}
