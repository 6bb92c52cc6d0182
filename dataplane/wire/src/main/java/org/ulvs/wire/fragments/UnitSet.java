// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.wire.fragments;

import java.util.Arrays;

/** A set of 8-byte units of a datagram's payload: fragments can begin only there. Positions are in bytes. */
final class UnitSet {
    /** Bytes of a unit. */
    static final int UNIT = 8;

    private static final int UNITS = 65536 / UNIT;

    private final long[] words = new long[UNITS / Long.SIZE];

    void clear() {
        Arrays.fill(words, 0);
    }

    void copyFrom(final UnitSet other) {
        System.arraycopy(other.words, 0, words, 0, words.length);
    }

    void add(final int position) {
        final int unit = position / UNIT;
        words[unit / Long.SIZE] |= 1L << unit;
    }

    void addRange(final int position, final int length) {
        final int end = (position + length + UNIT - 1) / UNIT;
        for (int unit = position / UNIT; unit < end; unit = (unit / Long.SIZE + 1) * Long.SIZE) {
            words[unit / Long.SIZE] |= mask(unit, end);
        }
    }

    /** How many units of a range are in the set. */
    int count(final int position, final int length) {
        final int end = (position + length + UNIT - 1) / UNIT;
        int count = 0;
        for (int unit = position / UNIT; unit < end; unit = (unit / Long.SIZE + 1) * Long.SIZE) {
            count += Long.bitCount(words[unit / Long.SIZE] & mask(unit, end));
        }
        return count;
    }

    /** Position of the first unit in the set at or behind {@code position}, or a position behind every payload. */
    int next(final int position) {
        int word = position / UNIT / Long.SIZE;
        if (word >= words.length) {
            return UNITS * UNIT;
        }
        long bits = words[word] & (-1L << (position / UNIT));
        while (bits == 0) {
            if (++word == words.length) {
                return UNITS * UNIT;
            }
            bits = words[word];
        }
        return (word * Long.SIZE + Long.numberOfTrailingZeros(bits)) * UNIT;
    }

    /** Bits of one word from {@code unit} to the word's end, but not those from {@code end} on. */
    private static long mask(final int unit, final int end) {
        final long from = -1L << unit;
        final int wordEnd = (unit / Long.SIZE + 1) * Long.SIZE;
        return end >= wordEnd ? from : from & ((1L << end) - 1);
    }
}
