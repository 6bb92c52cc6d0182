// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import java.util.Arrays;
import org.agrona.BitUtil;

/** Immutable map from IPv4 prefixes to numbers, looked up by longest prefix. Lookups do not allocate. */
public final class PrefixMap {
    /** No prefix contains the address. */
    static final int MISSING = -1;

    private static final int LENGTHS = 33;
    /** Value of a free slot; in others it is one more than what the prefix means. */
    private static final int FREE = 0;
    /**
     * Most slots are free, so that the first look mostly decides: with few prefixes and few slots the processor could
     * not foresee at which addresses a second one is needed.
     */
    private static final int LEAST_SLOTS = 64;

    private final int[] lengths;
    private final int[][] keys;
    private final int[][] values;

    private PrefixMap(int[] lengths, int[][] keys, int[][] values) {
        this.lengths = lengths;
        this.keys = keys;
        this.values = values;
    }

    /** Value of the longest prefix that contains the address, or {@link #MISSING}. */
    int find(int address) {
        for (int i = 0; i < lengths.length; i++) {
            final int value = find(keys[i], values[i], address & mask(lengths[i]));
            if (value != MISSING) {
                return value;
            }
        }
        return MISSING;
    }

    private static int find(int[] keys, int[] values, int key) {
        final int last = keys.length - 1;
        int slot = hash(key) & last;
        while (values[slot] != FREE) {
            if (keys[slot] == key) {
                return values[slot] - 1;
            }
            slot = (slot + 1) & last;
        }
        return MISSING;
    }

    static int mask(int length) {
        return length == 0 ? 0 : -1 << (Integer.SIZE - length);
    }

    private static int hash(int key) {
        final int mixed = key * 0x9e3779b1;
        return mixed ^ (mixed >>> 15);
    }

    /** Collects prefixes; of two equal ones the last stays. */
    public static final class Builder {
        private final int[][] keys = new int[LENGTHS][0];
        private final int[][] values = new int[LENGTHS][0];
        private final int[] sizes = new int[LENGTHS];

        /** Adds a prefix with a value of 0 or more. */
        public Builder put(int prefix, int length, int value) {
            final int size = sizes[length];
            if (size == keys[length].length) {
                keys[length] = Arrays.copyOf(keys[length], Math.max(4, size * 2));
                values[length] = Arrays.copyOf(values[length], Math.max(4, size * 2));
            }
            keys[length][size] = prefix & mask(length);
            values[length][size] = value;
            sizes[length] = size + 1;
            return this;
        }

        /** The map. */
        public PrefixMap build() {
            int used = 0;
            final int[] lengths = new int[LENGTHS];
            for (int length = LENGTHS - 1; length >= 0; length--) {
                if (sizes[length] > 0) {
                    lengths[used++] = length;
                }
            }
            final int[][] keyTables = new int[used][];
            final int[][] valueTables = new int[used][];
            for (int i = 0; i < used; i++) {
                final int length = lengths[i];
                final int capacity = BitUtil.findNextPositivePowerOfTwo(Math.max(LEAST_SLOTS, 4 * sizes[length]));
                keyTables[i] = new int[capacity];
                valueTables[i] = new int[capacity];
                for (int j = 0; j < sizes[length]; j++) {
                    insert(keyTables[i], valueTables[i], keys[length][j], values[length][j]);
                }
            }
            return new PrefixMap(Arrays.copyOf(lengths, used), keyTables, valueTables);
        }

        private static void insert(int[] keys, int[] values, int key, int value) {
            final int last = keys.length - 1;
            int slot = hash(key) & last;
            while (values[slot] != FREE && keys[slot] != key) {
                slot = (slot + 1) & last;
            }
            keys[slot] = key;
            values[slot] = value + 1;
        }
    }
}
