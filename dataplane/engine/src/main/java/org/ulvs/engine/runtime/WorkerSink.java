// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.ulvs.shim.Ring;
import org.ulvs.wire.Frame;
import org.ulvs.wire.FrameSink;

/** Where a worker's frames leave: its own rings, and scratch memory for frames of our own making. Worker's thread. */
final class WorkerSink implements FrameSink {
    /** Bytes before each frame of our own. */
    private static final int HEADROOM = 64;
    /** Frames of our own between two flushes. */
    private static final int MAX_FRAMES = 1024;
    /** Bytes of all frames of our own between two flushes. */
    private static final int SCRATCH_LENGTH = 2 * 1024 * 1024;

    private static final int ALIGNMENT = 16;

    private final UnsafeBuffer scratch = new UnsafeBuffer(BufferUtil.allocateDirectAligned(SCRATCH_LENGTH, ALIGNMENT));
    private final Frame[] frames = new Frame[MAX_FRAMES];
    private final HoldQueue held;
    private final WorkerCounters counters;
    private @Nullable Ring[] rings;
    private int allocated;
    private int position;
    private long nowNs;

    WorkerSink(@Nullable Ring[] rings, HoldQueue held, WorkerCounters counters) {
        this.rings = rings;
        this.held = held;
        this.counters = counters;
        for (int i = 0; i < MAX_FRAMES; i++) {
            frames[i] = new Frame();
        }
    }

    /** The time, once a duty cycle. */
    void now(long time) {
        nowNs = time;
    }

    /** Queues held frames whose neighbours are known by now; returns how many are done with. */
    int releaseHeld() {
        return held.release(rings, nowNs);
    }

    void rings(@Nullable Ring[] next) {
        rings = next;
    }

    @Override
    public void send(Frame frame, int port) {
        final Ring ring = rings[port];
        if (ring == null) {
            counters.sendDown();
        } else if (HoldQueue.isUnresolved(frame)) {
            held.hold(frame, port, nowNs);
        } else {
            ring.send(frame);
        }
    }

    @Override
    public @Nullable Frame allocate(int length) {
        final int needed = (HEADROOM + length + ALIGNMENT - 1) & -ALIGNMENT;
        if (allocated == MAX_FRAMES || position + needed > SCRATCH_LENGTH) {
            return null;
        }
        scratch.setMemory(position, needed, (byte) 0);
        final Frame frame = frames[allocated++];
        frame.wrap(scratch.addressOffset() + position, HEADROOM, length, needed - HEADROOM, 0);
        position += needed;
        return frame;
    }

    @Override
    public void makeRoom() {
        if (allocated > MAX_FRAMES / 2 || position > SCRATCH_LENGTH / 2) {
            flush();
        }
    }

    /** Sends what is queued and takes the scratch memory back. */
    void flush() {
        for (final Ring ring : rings) {
            if (ring != null) {
                ring.flush();
            }
        }
        allocated = 0;
        position = 0;
    }
}
