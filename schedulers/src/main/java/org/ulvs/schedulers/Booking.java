// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

/** Books connections on a server that has been chosen by something else than its counts. */
final class Booking {
    private Booking() {}

    /** Books a connection, unless the server is over its upper threshold. Returns whether it is booked. */
    static boolean bookUnlessOverloaded(final ServerPool pool, final int position, final boolean active) {
        while (true) {
            final long counts = pool.counts(position);
            if (Counts.isOverloaded(counts)) {
                return false;
            }
            if (pool.tryBook(position, counts, active)) {
                return true;
            }
        }
    }

    /** Whether the server may get new connections. */
    static boolean isUsable(final ServerPool pool, final int position) {
        return pool.weight(position) > 0 && !Counts.isOverloaded(pool.counts(position));
    }
}
