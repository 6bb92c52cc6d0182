// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.forward;

import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.ulvs.nat.SequenceAdjustment;

/**
 * Memory for the sequence adjustments of a worker's connections, given out by index from 1; 0 stands for none. Fixed
 * capacity, owned by the worker.
 */
final class SequenceRecords {
    private static final int NONE = 0;

    private final UnsafeBuffer memory;
    private final int[] free;
    private int freeCount;

    SequenceRecords(UnsafeBuffer memory) {
        this.memory = memory;
        final int capacity = memory.capacity() / SequenceAdjustment.LENGTH;
        free = new int[capacity];
        Arrays.setAll(free, i -> capacity - i);
        freeCount = capacity;
    }

    /** Takes a zeroed record, or 0 when all are in use. */
    int acquire() {
        if (freeCount == 0) {
            return NONE;
        }
        freeCount--;
        final int index = free[freeCount];
        memory.setMemory(offset(index), SequenceAdjustment.LENGTH, (byte) 0);
        return index;
    }

    /** Takes a record with the contents of another, or 0 when all are in use. */
    int copy(DirectBuffer file, int from) {
        final int index = acquire();
        if (index != NONE) {
            memory.putBytes(offset(index), file, from, SequenceAdjustment.LENGTH);
        }
        return index;
    }

    void release(int index) {
        free[freeCount] = index;
        freeCount++;
    }

    UnsafeBuffer memory() {
        return memory;
    }

    static int offset(int index) {
        return (index - 1) * SequenceAdjustment.LENGTH;
    }
}
