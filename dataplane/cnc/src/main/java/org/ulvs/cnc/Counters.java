// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

import java.nio.charset.StandardCharsets;
import org.agrona.BitUtil;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.agrona.concurrent.status.CountersManager;

/**
 * The writing side of the counters in {@code cnc.dat}: one row a counter and worker, each with a single writer. The
 * conductor makes the rows at start; afterwards a worker touches only its own {@link AtomicCounter}s, with
 * {@code incrementRelease} and {@code getAndAddRelease}, and readers sum the rows of a label.
 *
 * <p>A row's key is the worker's number as an int32, {@link #CONDUCTOR} for the conductor.
 */
public final class Counters {
    /** In place of a worker's number: the conductor's counters. */
    public static final int CONDUCTOR = -1;

    private final CountersManager manager;
    private final UnsafeBuffer key = new UnsafeBuffer(new byte[BitUtil.SIZE_OF_INT]);

    /** Over the two buffers of a counters region. */
    public Counters(AtomicBuffer metadata, AtomicBuffer values) {
        this.manager = new CountersManager(metadata, values, StandardCharsets.UTF_8);
    }

    /** Allocates a standard counter of a worker, or of the conductor. */
    public AtomicCounter allocate(StandardCounter counter, int worker) {
        return allocate(counter.typeId(), counter.label(), worker);
    }

    /** Allocates the counter of drop reason number {@code ordinal}. */
    public AtomicCounter allocateDrop(int ordinal, String reason, int worker) {
        return allocate(StandardCounter.DROP_TYPE_ID + ordinal, "dropped: " + reason, worker);
    }

    /**
     * Allocates a counter of another kind.
     *
     * @throws IllegalStateException if the counters region is full
     */
    public AtomicCounter allocate(int typeId, String label, int worker) {
        key.putInt(0, worker);
        final byte[] bytes = label.getBytes(StandardCharsets.UTF_8);
        return manager.newCounter(typeId, key, 0, BitUtil.SIZE_OF_INT, new UnsafeBuffer(bytes), 0, bytes.length);
    }
}
