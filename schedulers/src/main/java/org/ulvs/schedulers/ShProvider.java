// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

/**
 * sh: by source address. Each server has as many slots in a row, of a table of 256, as its weight says (a quiesced one
 * still has one), again and again until the table is full. Flags: sh-fallback, sh-port.
 */
public final class ShProvider implements SchedulerProvider {
    private static final int BITS = 8;
    private static final int SLOTS = 1 << BITS;

    @Override
    public String name() {
        return "sh";
    }

    @Override
    public Scheduler create(final ServerPool pool, final int flags, final SchedulerSettings settings) {
        return new ShScheduler(pool, flags);
    }

    private static int[] fill(final ServerPool pool) {
        if (pool.size() == 0) {
            return new int[0];
        }
        final int[] table = new int[SLOTS];
        int position = 0;
        int given = 0;
        for (int slot = 0; slot < SLOTS; slot++) {
            table[slot] = position;
            given++;
            if (given >= pool.weight(position)) {
                position = (position + 1) % pool.size();
                given = 0;
            }
        }
        return table;
    }

    private static final class ShScheduler extends SourceHashScheduler {
        ShScheduler(final ServerPool pool, final int flags) {
            super(pool, flags, ShProvider.fill(pool));
        }

        @Override
        int[] fill() {
            return ShProvider.fill(pool);
        }

        @Override
        int slot(final int port, final int address, final int offset) {
            return (offset + AddressHash.hash(port + address, BITS)) & (SLOTS - 1);
        }

        @Override
        public Scheduler poolChanged(final ServerPool changedPool, final int removedId) {
            return new ShScheduler(changedPool, flags());
        }
    }
}
