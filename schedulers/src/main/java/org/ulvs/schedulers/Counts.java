// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

/**
 * A server's connection counts and its OVERLOAD flag in one word, so that they change together and atomically.
 *
 * <pre>
 *  63                 40 39                 16   15   14            0
 * +---------------------+---------------------+------+---------------+
 * |  active (24 bits)   | inactive (24 bits)  | over | change number |
 * +---------------------+---------------------+------+---------------+
 * </pre>
 *
 * <p>The change number grows with every change and keeps a compare-and-set from taking an old value for a new one.
 */
public final class Counts {
    private static final int ACTIVE_SHIFT = 40;
    private static final int INACTIVE_SHIFT = 16;
    private static final long COUNT_MASK = 0xFF_FFFFL;
    private static final long OVERLOAD = 0x8000L;
    private static final long CHANGE_MASK = 0x7FFFL;
    private static final long STAMP_MASK = OVERLOAD | CHANGE_MASK;

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

    /** Whether the server is over its upper threshold (the kernel's OVERLOAD flag). */
    public static boolean isOverloaded(long counts) {
        return (counts & OVERLOAD) != 0;
    }

    /** The word with both counts changed, and the next change number. Counts stop at 0 and at 2^24 - 1. */
    public static long change(long counts, int activeDelta, int inactiveDelta) {
        final long active = Math.max(0, Math.min(COUNT_MASK, active(counts) + activeDelta));
        final long inactive = Math.max(0, Math.min(COUNT_MASK, inactive(counts) + inactiveDelta));
        return active << ACTIVE_SHIFT | inactive << INACTIVE_SHIFT | (counts & OVERLOAD) | ((counts + 1) & CHANGE_MASK);
    }

    /** The word with the OVERLOAD flag set or cleared, and the next change number. */
    public static long withOverload(long counts, boolean overloaded) {
        return (counts & ~STAMP_MASK) | (overloaded ? OVERLOAD : 0) | ((counts + 1) & CHANGE_MASK);
    }

    /**
     * The word after one more connection was bound to the server: sets OVERLOAD where the upper threshold is reached.
     *
     * @param upperThreshold connections, 0 for none
     */
    public static long bound(long counts, boolean active, int upperThreshold) {
        final long changed = change(counts, active ? 1 : 0, active ? 0 : 1);
        return upperThreshold != 0 && total(changed) >= upperThreshold ? changed | OVERLOAD : changed;
    }

    /**
     * The word after a connection left the server. OVERLOAD goes below the lower threshold; without one, below three
     * quarters of the upper threshold; without both, at once.
     *
     * @param upperThreshold connections, 0 for none
     * @param lowerThreshold connections, 0 for none
     */
    public static long unbound(long counts, boolean active, int upperThreshold, int lowerThreshold) {
        final long changed = change(counts, active ? -1 : 0, active ? 0 : -1);
        final boolean relieved;
        if (lowerThreshold != 0) {
            relieved = total(changed) < lowerThreshold;
        } else if (upperThreshold != 0) {
            relieved = total(changed) * 4L < upperThreshold * 3L;
        } else {
            relieved = true;
        }
        return relieved ? changed & ~OVERLOAD : changed;
    }

    /** The connection overhead by which lc, wlc, lblc and lblcr compare: active * 256 + inactive. */
    public static long overhead(long counts) {
        return active(counts) * 256L + inactive(counts);
    }

    /** OVERLOAD flag and change number: two words of one server with equal stamps are the same word. */
    static int stamp(long counts) {
        return (int) (counts & STAMP_MASK);
    }
}
