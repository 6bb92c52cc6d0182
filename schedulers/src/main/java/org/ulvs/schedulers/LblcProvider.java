// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

/** lblc: locality-based least connection; one server for each destination address. */
public final class LblcProvider implements SchedulerProvider {
    /** Destinations that a service can remember; a quarter of it is what the kernel aims at. */
    static final int CAPACITY = 4 * AddressTable.MAX_ENTRIES;

    @Override
    public String name() {
        return "lblc";
    }

    @Override
    public Scheduler create(final ServerPool pool, final int flags, final SchedulerSettings settings) {
        return new LblcScheduler(pool, settings, new AddressTable(CAPACITY, CAPACITY));
    }

    private static final class LblcScheduler extends LocalityScheduler {
        LblcScheduler(final ServerPool pool, final SchedulerSettings settings, final AddressTable table) {
            super(pool, settings, table);
        }

        @Override
        int bookRemembered(final int entry, final ConnectionRequest request) {
            final int member = table.firstMember(entry);
            final int position = member == AddressTable.NONE ? NONE : positions.of(table.serverId(member));
            if (position == NONE) {
                return NONE;
            }
            while (true) {
                final long counts = pool.counts(position);
                // the server's OVERLOAD flag is not asked here
                if (pool.weight(position) <= 0 || isBusyWhileOthersIdle(position, counts)) {
                    return NONE;
                }
                if (pool.tryBook(position, counts, request.active)) {
                    return position;
                }
            }
        }

        @Override
        boolean remember(final int entry, final int position, final long nowMillis) {
            final int member = table.firstMember(entry);
            if (member == AddressTable.NONE) {
                return table.addMember(entry, pool.id(position), nowMillis);
            }
            table.serverId(member, pool.id(position));
            return true;
        }

        @Override
        LocalityScheduler succeed(final ServerPool changedPool) {
            return new LblcScheduler(changedPool, settings, table);
        }

        @Override
        public void tick(final long nowMillis) {
            table.tick(nowMillis, settings.lblcExpirationSeconds() * 1000L);
        }
    }
}
