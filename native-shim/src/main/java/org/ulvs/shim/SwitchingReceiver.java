// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.shim;

import org.ulvs.wire.FrameBatch;

/**
 * Reads a ring that has slots, for the smallest delay, and blocks, for the highest rate. The steering program fills one
 * of them; this class keeps the order of each connection's frames when that changes.
 *
 * <p>A CPU of the kernel goes from the old program to the new one at some moment, and the frames of one connection come
 * through one CPU. So all of a connection's frames in the half that is left are older than those in the half that is
 * gone to, and it suffices never to read a frame of the new half while one of the old half that came before it can
 * still be unread: the new half is looked at first, then the old one is read until it is empty, and only then is that
 * read which had been seen. Once no CPU runs the old program any more and the old half was found empty, only the new
 * one is read.
 *
 * <p>The switching thread calls {@link #begin} and {@link #settle}, the worker the rest.
 */
final class SwitchingReceiver implements Receiver {
    private final SlotReceiver slots;
    private final BlockReceiver blocks;

    /** Whether blocks are being filled, or will be as soon as the program has changed. */
    private volatile boolean toBlocks;
    /** Whether the half that is left gets no frames any more. */
    private volatile boolean settled = true;
    /** Whether the half that is left was found empty after that. */
    private volatile boolean drained = true;

    SwitchingReceiver(SlotReceiver slots, BlockReceiver blocks) {
        this.slots = slots;
        this.blocks = blocks;
    }

    /** Whether the last change is complete. Switching thread. */
    boolean isDrained() {
        return drained;
    }

    /** The program is about to change; the last change is complete. Switching thread. */
    void begin(boolean toBlocksNext) {
        settled = false;
        drained = false;
        toBlocks = toBlocksNext;
    }

    /** No CPU runs the old program any more. Switching thread. */
    void settle() {
        settled = true;
    }

    @Override
    public int receive(FrameBatch batch) {
        if (toBlocks) {
            return drained ? blocks.receive(batch) : leaveSlots(batch);
        }
        return drained ? slots.receive(batch) : leaveBlocks(batch);
    }

    private int leaveSlots(FrameBatch batch) {
        final boolean wasSettled = settled;
        final boolean seen = blocks.isReady();
        final int count = slots.receive(batch);
        if (count > 0 || slots.isReady()) {
            return count;
        }
        if (wasSettled) {
            drained = true;
        }
        return seen ? blocks.receiveBlock(batch) : 0;
    }

    private int leaveBlocks(FrameBatch batch) {
        final boolean wasSettled = settled;
        final int seen = slots.readable(batch.capacity() - batch.size());
        if (!blocks.isEmpty()) {
            return blocks.receive(batch);
        }
        if (wasSettled) {
            drained = true;
        }
        return slots.receive(batch, seen);
    }

    @Override
    public void release() {
        slots.release();
        blocks.release();
    }
}
