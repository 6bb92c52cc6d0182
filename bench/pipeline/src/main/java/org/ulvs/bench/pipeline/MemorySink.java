// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.bench.pipeline;

import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.ulvs.wire.Frame;
import org.ulvs.wire.FrameSink;

/**
 * Queues plain frames as the transmit queue of a ring does, an empty virtio header and an entry of 16 bytes each, and
 * hands them to nobody. Has no memory for frames of the dataplane's own making: what is measured needs none.
 */
final class MemorySink implements FrameSink {
    private static final int CAPACITY = 256;
    private static final int ENTRY_LENGTH = 16;
    private static final int VIRTIO_LENGTH = 10;

    private final UnsafeBuffer entries =
            new UnsafeBuffer(BufferUtil.allocateDirectAligned(CAPACITY * ENTRY_LENGTH, BitUtil.CACHE_LINE_LENGTH));
    private int size;
    private long sent;

    @Override
    public void send(Frame frame, int port) {
        final long entry = entries.addressOffset() + (long) size * ENTRY_LENGTH;
        final long header = frame.buffer().addressOffset() + frame.offset() - VIRTIO_LENGTH;
        UnsafeApi.putLong(header, 0);
        UnsafeApi.putShort(header + 8, (short) 0);
        UnsafeApi.putLong(entry, header);
        UnsafeApi.putLong(entry + 8, VIRTIO_LENGTH + frame.length());
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
}
