// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

/**
 * dh: by destination address. Each server has one slot after the other of a table of 256, weights ignored. A server
 * that is quiesced or overloaded leaves its slots without service.
 */
public final class DhProvider implements SchedulerProvider {
    @Override
    public String name() {
        return "dh";
    }

    @Override
    public Scheduler create(final ServerPool pool, final int flags, final SchedulerSettings settings) {
        return new DhScheduler(pool);
    }

    private static final class DhScheduler implements Scheduler {
        private final ServerPool pool;

        DhScheduler(final ServerPool pool) {
            this.pool = pool;
        }

        @Override
        public int schedule(final ConnectionRequest request) {
            if (pool.size() == 0) {
                return NONE;
            }
            // slots are given out in turn, so the table need not exist
            final int position = AddressHash.hash(request.destinationAddress, 8) % pool.size();
            return pool.weight(position) > 0 && Booking.bookUnlessOverloaded(pool, position, request.active)
                    ? position
                    : NONE;
        }

        @Override
        public Scheduler poolChanged(final ServerPool changedPool, final int removedId) {
            return new DhScheduler(changedPool);
        }
    }
}
