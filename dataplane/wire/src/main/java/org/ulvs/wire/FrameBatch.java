// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.wire;

/** Frames read from a ring in one go, in order of arrival. Reused; owned by one worker thread. */
public final class FrameBatch {
    private final Frame[] frames;
    private int size;

    /** Allocates a batch with room for {@code capacity} frames. */
    public FrameBatch(int capacity) {
        frames = new Frame[capacity];
        for (int i = 0; i < capacity; i++) {
            frames[i] = new Frame();
        }
    }

    /** Empties the batch. */
    public void clear() {
        size = 0;
    }

    /** Frames in the batch. */
    public int size() {
        return size;
    }

    /** Frames that fit. */
    public int capacity() {
        return frames.length;
    }

    /** Takes the next free frame to be filled; the caller has checked {@link #isFull()}. */
    public Frame next() {
        return frames[size++];
    }

    /** Whether no further frame fits. */
    public boolean isFull() {
        return size == frames.length;
    }

    /** The frame at {@code index}, from 0 to {@link #size()} - 1. */
    public Frame get(int index) {
        return frames[index];
    }
}
