// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import java.util.Arrays;
import org.agrona.BitUtil;

/**
 * Immutable map from IPv4 prefixes to numbers, looked up by longest prefix: the address space as ranges, since two
 * prefixes either contain one another or do not meet. A lookup takes one step where all addresses with the same first
 * octet have one value, as most have behind a default route, and else as many as the number of ranges has binary
 * digits. Lookups do not allocate.
 */
public final class PrefixMap {
    /** No prefix contains the address. */
    static final int MISSING = -1;

    private static final int OCTETS = 256;
    private static final int OCTET_SHIFT = 24;
    /** Value of an octet with more than one range. */
    private static final int SEVERAL = Integer.MIN_VALUE;

    /** Address that follows the last one. */
    private static final long END = 1L << Integer.SIZE;

    /** First address of each range, less 2^31 so that they ascend; a power of two of them, the last one repeated. */
    private final int[] starts;

    private final int[] values;
    /** Values of all addresses with these first octets, or {@link #SEVERAL}. */
    private final int[] octets = new int[OCTETS];

    private PrefixMap(int[] starts, int[] values) {
        this.starts = starts;
        this.values = values;
        for (int octet = 0; octet < OCTETS; octet++) {
            final int first = range(octet << OCTET_SHIFT);
            final int last = range((octet << OCTET_SHIFT) + (1 << OCTET_SHIFT) - 1);
            octets[octet] = first == last ? values[first] : SEVERAL;
        }
    }

    /** Value of the longest prefix that contains the address, or {@link #MISSING}. */
    int find(int address) {
        final int value = octets[address >>> OCTET_SHIFT];
        return value != SEVERAL ? value : values[range(address)];
    }

    private int range(int address) {
        final int key = address ^ Integer.MIN_VALUE;
        int range = 0;
        for (int half = starts.length >>> 1; half > 0; half >>>= 1) {
            range += starts[range + half] <= key ? half : 0;
        }
        return range;
    }

    /** A map that has one value wherever {@code above} has any, and elsewhere those of {@code below}. */
    static PrefixMap overlay(PrefixMap above, int value, PrefixMap below) {
        final Ranges ranges = new Ranges(above.starts.length + below.starts.length);
        int a = 0;
        int b = 0;
        long start = 0;
        while (start < END) {
            ranges.add(start, above.values[a] != MISSING ? value : below.values[b]);
            final long nextAbove = above.end(a);
            final long nextBelow = below.end(b);
            start = Math.min(nextAbove, nextBelow);
            a += nextAbove == start ? 1 : 0;
            b += nextBelow == start ? 1 : 0;
        }
        return ranges.map();
    }

    /** Address that follows a range. */
    private long end(int range) {
        return range + 1 == starts.length || starts[range + 1] == starts[range]
                ? END
                : starts[range + 1] - (long) Integer.MIN_VALUE;
    }

    static int mask(int length) {
        return length == 0 ? 0 : -1 << (Integer.SIZE - length);
    }

    /** Ranges in ascending order, each up to the next. */
    private static final class Ranges {
        private final int[] starts;
        private final int[] values;
        private int size;

        Ranges(int capacity) {
            starts = new int[capacity];
            values = new int[capacity];
        }

        /** From this address on; of two that start at one address the last stays. */
        void add(long start, int value) {
            if (start == END) {
                return;
            }
            final int key = (int) (start + Integer.MIN_VALUE);
            if (size > 0 && starts[size - 1] == key) {
                size--;
            }
            if (size == 0 || values[size - 1] != value) {
                starts[size] = key;
                values[size] = value;
                size++;
            }
        }

        PrefixMap map() {
            final int capacity = BitUtil.findNextPositivePowerOfTwo(size);
            final int[] paddedStarts = Arrays.copyOf(starts, capacity);
            final int[] paddedValues = Arrays.copyOf(values, capacity);
            Arrays.fill(paddedStarts, size, capacity, starts[size - 1]);
            Arrays.fill(paddedValues, size, capacity, values[size - 1]);
            return new PrefixMap(paddedStarts, paddedValues);
        }
    }

    /** Collects prefixes; of two equal ones the last stays. */
    public static final class Builder {
        private static final int NUMBER_BITS = 26;
        private static final int LENGTH_BITS = Integer.SIZE - NUMBER_BITS;

        /** Of each prefix its first address, less 2^31, its length and its number: the order in which ranges begin. */
        private long[] keys = new long[4];

        private int[] values = new int[4];
        private int size;

        /** Adds a prefix with a value of 0 or more. */
        public Builder put(int prefix, int length, int value) {
            if (size == keys.length) {
                keys = Arrays.copyOf(keys, size * 2);
                values = Arrays.copyOf(values, size * 2);
            }
            final long first = (prefix & mask(length)) ^ Integer.MIN_VALUE;
            keys[size] = first << Integer.SIZE | (long) length << NUMBER_BITS | size;
            values[size] = value;
            size++;
            return this;
        }

        /** The map. */
        public PrefixMap build() {
            final long[] ordered = Arrays.copyOf(keys, size);
            Arrays.sort(ordered);
            final Ranges ranges = new Ranges(2 * size + 1);
            // prefixes that contain the current one, the longest last, and those equal to it
            final long[] ends = new long[size + 1];
            final int[] inside = new int[size + 1];
            int depth = 0;
            ends[0] = END;
            inside[0] = MISSING;
            ranges.add(0, MISSING);
            for (final long key : ordered) {
                final long start = (key >> Integer.SIZE) - Integer.MIN_VALUE;
                for (; ends[depth] <= start; depth--) {
                    ranges.add(ends[depth], inside[depth - 1]);
                }
                depth++;
                final int length = (int) (key >>> NUMBER_BITS) & (1 << LENGTH_BITS) - 1;
                ends[depth] = start + (END >>> length);
                inside[depth] = values[(int) key & (1 << NUMBER_BITS) - 1];
                ranges.add(start, inside[depth]);
            }
            for (; depth > 0; depth--) {
                ranges.add(ends[depth], inside[depth - 1]);
            }
            return ranges.map();
        }
    }
}
