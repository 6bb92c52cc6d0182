// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.rules;

import java.util.ArrayList;
import java.util.List;

/** An immutable set of unsigned 32-bit values as sorted, separate ranges. */
final class RangeSet {
    static final long MAX = 0xFFFF_FFFFL;
    static final RangeSet NONE = new RangeSet(List.of());
    static final RangeSet ALL = of(0, MAX);

    /** Both ends belong to the range. */
    record Range(long low, long high) {}

    private final List<Range> ranges;

    private RangeSet(final List<Range> ranges) {
        this.ranges = ranges;
    }

    static RangeSet of(final long low, final long high) {
        return new RangeSet(List.of(new Range(low, high)));
    }

    List<Range> ranges() {
        return ranges;
    }

    boolean isEmpty() {
        return ranges.isEmpty();
    }

    RangeSet complement() {
        final List<Range> outside = new ArrayList<>();
        long next = 0;
        for (final Range range : ranges) {
            if (range.low > next) {
                outside.add(new Range(next, range.low - 1));
            }
            next = range.high + 1;
        }
        if (next <= MAX) {
            outside.add(new Range(next, MAX));
        }
        return new RangeSet(outside);
    }

    RangeSet intersection(final RangeSet other) {
        final List<Range> both = new ArrayList<>();
        for (final Range a : ranges) {
            for (final Range b : other.ranges) {
                final long low = Math.max(a.low, b.low);
                final long high = Math.min(a.high, b.high);
                if (low <= high) {
                    both.add(new Range(low, high));
                }
            }
        }
        return new RangeSet(both);
    }

    RangeSet union(final RangeSet other) {
        return complement().intersection(other.complement()).complement();
    }
}
