// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

/**
 * A server's connection counts in one word, so that they change together and atomically.
 *
 * <pre>
 *  63                 40 39                 16 15            0
 * +---------------------+---------------------+---------------+
 * |  active (24 bits)   | inactive (24 bits)  | change number |
 * +---------------------+---------------------+---------------+
 * </pre>
 *
 * <p>The change number grows with every change and keeps a compare-and-set from taking an old value for a new one.
 */
public final class Counts {
    private static final int ACTIVE_SHIFT = 40;
    private static final int INACTIVE_SHIFT = 16;
    private static final long COUNT_MASK = 0xFF_FFFFL;
    private static final long CHANGE_MASK = 0xFFFFL;

    private Counts() {}

    /** Active connections in the word. */
    public static int active(long counts) {
        return (int) (counts >>> ACTIVE_SHIFT);
    }

    /** Inactive connections in the word. */
    public static int inactive(long counts) {
        return (int) (counts >>> INACTIVE_SHIFT & COUNT_MASK);
    }

    /** Active plus inactive connections in the word. */
    public static int total(long counts) {
        return active(counts) + inactive(counts);
    }

    /** The word with both counts changed, and the next change number. Counts stop at 0 and at 2^24 - 1. */
    public static long change(long counts, int activeDelta, int inactiveDelta) {
        final long active = Math.max(0, Math.min(COUNT_MASK, active(counts) + activeDelta));
        final long inactive = Math.max(0, Math.min(COUNT_MASK, inactive(counts) + inactiveDelta));
        return active << ACTIVE_SHIFT | inactive << INACTIVE_SHIFT | (counts + 1 & CHANGE_MASK);
    }

    /** The connection overhead by which lc, wlc, lblc and lblcr compare: active * 256 + inactive. */
    public static long overhead(long counts) {
        return active(counts) * 256L + inactive(counts);
    }
}
