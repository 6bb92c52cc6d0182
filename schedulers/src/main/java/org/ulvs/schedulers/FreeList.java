// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The unused indexes of some arrays: a stack that all threads share without a lock. The head carries a version, so that
 * an index that was taken and given back meanwhile is not mistaken.
 */
final class FreeList {
    /** Nothing is left. */
    static final int NONE = -1;

    private final int[] next;
    private final AtomicLong head;

    FreeList(final int capacity) {
        next = new int[capacity];
        for (int i = 0; i < capacity; i++) {
            next[i] = i + 1 < capacity ? i + 1 : NONE;
        }
        head = new AtomicLong(0);
    }

    /** Takes an index, or {@link #NONE}. */
    int take() {
        while (true) {
            final long before = head.get();
            final int index = (int) before;
            if (index == NONE) {
                return NONE;
            }
            if (head.compareAndSet(before, word(before, next[index]))) {
                return index;
            }
        }
    }

    /** Gives an index back. */
    void give(final int index) {
        while (true) {
            final long before = head.get();
            next[index] = (int) before;
            if (head.compareAndSet(before, word(before, index))) {
                return;
            }
        }
    }

    private static long word(final long before, final int index) {
        final long version = (before >>> 32) + 1;
        return version << 32 | Integer.toUnsignedLong(index);
    }
}
