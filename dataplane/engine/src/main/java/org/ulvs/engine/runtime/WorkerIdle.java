// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.ulvs.shim.Ring;
import org.ulvs.shim.Shim;

/**
 * What a worker does when there is nothing to do. Busy: it goes on asking, for the smallest delay. Backoff: after a
 * short while of asking it sleeps in the kernel until a frame comes or a timer is due, which leaves the core to others.
 */
final class WorkerIdle implements IdleStrategy {
    /** Ways to idle. */
    enum Mode {
        /** Never sleeps. */
        BUSY,
        /** Sleeps when idle. */
        BACKOFF
    }

    private static final int SPINS = 20;
    /** A new table of neighbours wakes nobody: frames that wait for one leave with the timers. */
    private static final long SLEEP_HOLDING_NS = 2_000_000;

    private static final long SLEEP_NS = 20_000_000;
    private static final int ENTRY_LENGTH = 8;
    private static final short POLLIN = 1;

    private final Mode mode;
    private final HoldQueue held;
    private final UnsafeBuffer descriptors;
    private int count;
    private int spins;

    WorkerIdle(Mode mode, int ports, HoldQueue held) {
        this.mode = mode;
        this.held = held;
        this.descriptors = new UnsafeBuffer(
                BufferUtil.allocateDirectAligned(Math.max(1, ports) * ENTRY_LENGTH, BitUtil.SIZE_OF_LONG));
    }

    /** Takes other rings to wait for. */
    void rings(@Nullable Ring[] rings) {
        count = 0;
        for (final Ring ring : rings) {
            if (ring != null) {
                descriptors.putInt(count * ENTRY_LENGTH, ring.descriptor());
                descriptors.putInt(count * ENTRY_LENGTH + BitUtil.SIZE_OF_INT, POLLIN);
                count++;
            }
        }
    }

    @Override
    public void idle(int workCount) {
        if (workCount > 0) {
            reset();
        } else {
            idle();
        }
    }

    @Override
    public void idle() {
        if (mode == Mode.BUSY || spins < SPINS) {
            spins++;
            Thread.onSpinWait();
        } else {
            Shim.calls().poll(descriptors.addressOffset(), count, sleepNs());
        }
    }

    /** Nanoseconds to sleep at most. */
    long sleepNs() {
        return held.isEmpty() ? SLEEP_NS : SLEEP_HOLDING_NS;
    }

    @Override
    public void reset() {
        spins = 0;
    }
}
