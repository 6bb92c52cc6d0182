// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

/**
 * What sh and mh share: a table of slots, a slot by a hash of the client, and where the flag for it is set, other slots
 * when the first one's server is quiesced or overloaded.
 *
 * <p>Flag 1 is the fallback, flag 2 takes the client's port into the hash. The table is immutable; the conductor makes
 * a new one at each change of a server.
 */
abstract class SourceHashScheduler implements Scheduler {
    final ServerPool pool;
    private volatile int flags;
    private volatile int[] table;

    SourceHashScheduler(final ServerPool pool, final int flags, final int[] table) {
        this.pool = pool;
        this.flags = flags;
        this.table = table;
    }

    /** The positions of the servers, slot by slot; empty where there is no server to give slots to. */
    abstract int[] fill();

    /** The slot of a client. */
    abstract int slot(int port, int address, int offset);

    final int flags() {
        return flags;
    }

    @Override
    public final int schedule(final ConnectionRequest request) {
        final int[] slots = table;
        if (slots.length == 0) {
            return NONE;
        }
        final int current = flags;
        final int address = request.inverse ? request.destinationAddress : request.sourceAddress;
        final int port;
        if ((current & SchedulerProvider.FLAG_2) == 0) {
            port = 0;
        } else {
            port = request.inverse ? request.destinationPort : request.sourcePort;
        }
        final int first = slot(port, address, 0);
        if (book(slots[first], request.active)) {
            return slots[first];
        }
        if ((current & SchedulerProvider.FLAG_1) != 0) {
            for (int offset = 0; offset < slots.length; offset++) {
                final int other = slots[slot(port, address, (offset + first) % slots.length)];
                if (book(other, request.active)) {
                    return other;
                }
            }
        }
        return NONE;
    }

    @Override
    public final void weightChanged(final int position) {
        table = fill();
    }

    @Override
    public final void flagsChanged(final int changedFlags) {
        flags = changedFlags;
    }

    private boolean book(final int position, final boolean active) {
        return pool.weight(position) > 0 && Booking.bookUnlessOverloaded(pool, position, active);
    }
}
