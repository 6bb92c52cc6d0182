// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.rules;

import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/** For each dimension and each range of its values a row of bits: which entries take such a value. Immutable. */
final class RuleMatrix {
    static final int PROTOCOL = 0;
    static final int SOURCE = 1;
    static final int DESTINATION = 2;
    static final int SOURCE_PORT = 3;
    static final int DESTINATION_PORT = 4;
    /** Index of an interface; -1 for one that has no index. */
    static final int INTERFACE = 5;
    /** Dimensions that are sets of numbers. */
    static final int DIMENSIONS = 5;

    private final int words;
    /** For each dimension the first values of its ranges, from 0 on. */
    private final long[][] starts = new long[DIMENSIONS][];

    private final long[][] bits = new long[DIMENSIONS + 1][];
    private final int interfaces;

    RuleMatrix(final List<RuleEntry> entries, final List<String> interfaceNames) {
        words = (entries.size() + 63) >>> 6;
        interfaces = interfaceNames.size();
        for (int dimension = 0; dimension < DIMENSIONS; dimension++) {
            fill(dimension, entries);
        }
        final long[] rows = new long[(interfaces + 1) * words];
        for (int entry = 0; entry < entries.size(); entry++) {
            final InterfaceMatch match = entries.get(entry).networkInterface();
            for (int i = 0; i <= interfaces; i++) {
                // the last row is for interfaces without an index: no name matches theirs
                if (match.matches(i < interfaces ? interfaceNames.get(i) : "")) {
                    rows[i * words + (entry >>> 6)] |= 1L << entry;
                }
            }
        }
        bits[INTERFACE] = rows;
    }

    int words() {
        return words;
    }

    /** Where the row for a value begins. */
    int row(final int dimension, final int value) {
        if (dimension == INTERFACE) {
            return (value < 0 || value >= interfaces ? interfaces : value) * words;
        }
        final long key = Integer.toUnsignedLong(value);
        final long[] firsts = starts[dimension];
        int low = 0;
        int high = firsts.length - 1;
        while (low < high) {
            final int middle = (low + high + 1) >>> 1;
            if (firsts[middle] <= key) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low * words;
    }

    /** The intersection of six rows, one word of it. */
    long matching(
            final int word,
            final int row0,
            final int row1,
            final int row2,
            final int row3,
            final int row4,
            final int row5) {
        return bits[PROTOCOL][row0 + word]
                & bits[SOURCE][row1 + word]
                & bits[DESTINATION][row2 + word]
                & bits[SOURCE_PORT][row3 + word]
                & bits[DESTINATION_PORT][row4 + word]
                & bits[INTERFACE][row5 + word];
    }

    private void fill(final int dimension, final List<RuleEntry> entries) {
        final TreeSet<Long> borders = new TreeSet<>();
        borders.add(0L);
        for (final RuleEntry entry : entries) {
            for (final RangeSet.Range range : entry.sets().get(dimension).ranges()) {
                borders.add(range.low());
                if (range.high() < RangeSet.MAX) {
                    borders.add(range.high() + 1);
                }
            }
        }
        final long[] firsts = borders.stream().mapToLong(Long::longValue).toArray();
        final long[] rows = new long[firsts.length * words];
        for (int entry = 0; entry < entries.size(); entry++) {
            for (final RangeSet.Range range :
                    entries.get(entry).sets().get(dimension).ranges()) {
                int i = Arrays.binarySearch(firsts, range.low());
                while (i < firsts.length && firsts[i] <= range.high()) {
                    rows[i * words + (entry >>> 6)] |= 1L << entry;
                    i++;
                }
            }
        }
        starts[dimension] = firsts;
        bits[dimension] = rows;
    }
}
