// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.bench.pipeline;

import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.ulvs.wire.Frame;
import org.ulvs.wire.FrameSink;

/**
 * Queues plain frames as the transmit queue of a ring does, one entry of 24 bytes each, and hands them to nobody. Has
 * no memory for frames of the dataplane's own making: what is measured needs none.
 */
final class MemorySink implements FrameSink {
    private static final int CAPACITY = 256;
    private static final int ENTRY_LENGTH = 24;

    private final UnsafeBuffer entries =
            new UnsafeBuffer(BufferUtil.allocateDirectAligned(CAPACITY * ENTRY_LENGTH, BitUtil.CACHE_LINE_LENGTH));
    private int size;
    private long sent;

    @Override
    public void send(Frame frame, int port) {
        final int entry = size * ENTRY_LENGTH;
        entries.putLong(entry, frame.buffer().addressOffset() + frame.offset());
        entries.putLong(entry + 8, frame.length());
        entries.putLong(entry + 16, 0);
        if (!frame.isPlain()) {
            throw new IllegalStateException("a frame with offload facts, to port " + port);
        }
        size = size + 1 & CAPACITY - 1;
        sent++;
    }

    @Override
    public @Nullable Frame allocate(int length) {
        return null;
    }

    /** Frames sent so far. */
    long sent() {
        return sent;
    }

    /** Where the frame that was sent last begins: an address. */
    long lastAddress() {
        return entries.getLong((size - 1 & CAPACITY - 1) * ENTRY_LENGTH);
    }
}
