// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

import java.util.Arrays;

/**
 * mh: Maglev hashing by source address, with a table of 4093 slots in which few clients move when servers come and go.
 * A quiesced server keeps its slots (its last weight counts). Flags: mh-fallback, mh-port.
 *
 * <p>Where there are more servers than slots, those at the end of the list get none.
 */
public final class MhProvider implements SchedulerProvider {
    /** The kernel's table with the default CONFIG_IP_VS_MH_TAB_INDEX of 12. */
    static final int SLOTS = 4093;

    private static final int NO_SERVER = -1;
    private static final int WEIGHT_BITS = 6;
    private static final long SLOT_KEY = 2_654_435_761L;
    private static final long SKIP_KEY = 2_654_446_892L;

    @Override
    public String name() {
        return "mh";
    }

    @Override
    public Scheduler create(final ServerPool pool, final int flags, final SchedulerSettings settings) {
        return new MhScheduler(pool, flags);
    }

    private static int[] fill(final ServerPool pool) {
        final int size = pool.size();
        final int[] turns = turns(pool);
        if (turns.length == 0) {
            return turns;
        }
        final int[] next = new int[size];
        final int[] skip = new int[size];
        for (int position = 0; position < size; position++) {
            final int key = pool.port(position) + pool.address(position);
            next[position] = Integer.remainderUnsigned(AddressHash.sipHash13(key, SLOT_KEY), SLOTS);
            skip[position] = Integer.remainderUnsigned(AddressHash.sipHash13(key, SKIP_KEY), SLOTS - 1) + 1;
        }
        final int[] table = new int[SLOTS];
        Arrays.fill(table, NO_SERVER);
        int filled = 0;
        while (true) {
            for (int position = 0; position < size; position++) {
                for (int turn = 0; turn < turns[position]; turn++) {
                    int slot = next[position];
                    while (table[slot] != NO_SERVER) {
                        slot = (slot + skip[position]) % SLOTS;
                    }
                    next[position] = slot;
                    table[slot] = position;
                    filled++;
                    if (filled == SLOTS) {
                        return table;
                    }
                }
            }
        }
    }

    /** How many slots each server takes in a row; empty where all weights are 0. */
    private static int[] turns(final ServerPool pool) {
        int divisor = 0;
        int max = 0;
        for (int position = 0; position < pool.size(); position++) {
            divisor = Weights.greatestCommonDivisor(pool.lastWeight(position), divisor);
            max = Math.max(max, pool.lastWeight(position));
        }
        if (divisor == 0) {
            return new int[0];
        }
        final int shift = Math.max(0, 32 - Integer.numberOfLeadingZeros(max / divisor) - WEIGHT_BITS);
        final int[] turns = new int[pool.size()];
        for (int position = 0; position < turns.length; position++) {
            final int weight = pool.lastWeight(position);
            turns[position] = weight == 0 ? 0 : Math.max(1, (weight / divisor) >> shift);
        }
        return turns;
    }

    private static final class MhScheduler extends SourceHashScheduler {
        MhScheduler(final ServerPool pool, final int flags) {
            super(pool, flags, MhProvider.fill(pool));
        }

        @Override
        int[] fill() {
            return MhProvider.fill(pool);
        }

        @Override
        int slot(final int port, final int address, final int offset) {
            return Integer.remainderUnsigned(AddressHash.sipHash13(offset + port + address, SLOT_KEY), SLOTS);
        }

        @Override
        public Scheduler poolChanged(final ServerPool changedPool, final int removedId) {
            return new MhScheduler(changedPool, flags());
        }
    }
}
