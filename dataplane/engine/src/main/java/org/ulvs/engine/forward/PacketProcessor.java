// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.forward;

import org.ulvs.wire.FrameBatch;
import org.ulvs.wire.FrameSink;

/** What a worker does with the frames that its rings bring. Called only from the worker's thread. */
public interface PacketProcessor {
    /** Work of a call of the timers from which on more is taken to be waiting. */
    int MUCH_WORK = 64;

    /**
     * Nanoseconds until the timers are to be called again: a millisecond, or less while connections wait to expire, so
     * that they keep up with as many new ones as a worker can open.
     *
     * @param work that the last call returned
     */
    static long timerDelayNs(int work) {
        return work >= MUCH_WORK ? 62_500 : 1_000_000;
    }

    /**
     * Deals with each frame of a batch: sends it on, answers it, leaves it to the host, or drops it, and counts that.
     *
     * @param batch frames of one ring, in order
     * @param sink where frames leave; the worker flushes it after this call and before the ring's blocks are released
     * @param nowNs the worker's clock (CLOCK_MONOTONIC, nanoseconds), read once a batch
     */
    void onBatch(FrameBatch batch, FrameSink sink, long nowNs);

    /**
     * Timers: a bounded piece of expiry, reassembly timeouts, defences. Called between batches.
     *
     * @return amount of work done, 0 when nothing was due
     */
    int onTimer(FrameSink sink, long nowNs);
}
