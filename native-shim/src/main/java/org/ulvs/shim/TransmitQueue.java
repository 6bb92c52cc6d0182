// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.shim;

import java.nio.ByteOrder;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.ulvs.wire.Frame;

/** Frames that wait for the batch send: an array of {@code struct iovec}. */
final class TransmitQueue {
    /** Frames that a queue holds before it is flushed by itself. */
    static final int CAPACITY = 256;

    private static final int ADDRESS_OFFSET = 0;
    private static final int LENGTH_OFFSET = 8;
    private static final int ENTRY_LENGTH = 16;

    private static final int MAC_ADDRESSES_LENGTH = 12;
    private static final int VLAN_LENGTH = 4;
    private static final short VLAN_ETHERTYPE = (short) 0x8100;

    /** Tries of one flush for frames that found no room; then they are dropped. */
    private static final int RETRIES = 16;

    private final UnsafeBuffer entries =
            new UnsafeBuffer(BufferUtil.allocateDirectAligned(CAPACITY * ENTRY_LENGTH, BitUtil.CACHE_LINE_LENGTH));
    private final int descriptor;
    private final @Nullable ExpressSocket express;
    private final RingCounters counters;
    private int size;

    TransmitQueue(int descriptor, @Nullable ExpressSocket express, RingCounters counters) {
        this.descriptor = descriptor;
        this.express = express;
        this.counters = counters;
    }

    void send(Frame frame) {
        if (size == CAPACITY) {
            flush();
        }
        if (frame.vlanTci() != Frame.NO_VLAN) {
            insertTag(frame);
        }
        final long entry = entries.addressOffset() + (long) size * ENTRY_LENGTH;
        UnsafeApi.putLong(entry + ADDRESS_OFFSET, VirtioHeader.write(frame));
        UnsafeApi.putLong(entry + LENGTH_OFFSET, VirtioHeader.LENGTH + frame.length());
        size++;
    }

    private static void insertTag(Frame frame) {
        final UnsafeBuffer buffer = frame.buffer();
        frame.push(VLAN_LENGTH);
        final int start = frame.offset();
        buffer.putBytes(start, buffer, start + VLAN_LENGTH, MAC_ADDRESSES_LENGTH);
        buffer.putShort(start + MAC_ADDRESSES_LENGTH, VLAN_ETHERTYPE, ByteOrder.BIG_ENDIAN);
        buffer.putShort(start + MAC_ADDRESSES_LENGTH + 2, (short) frame.vlanTci(), ByteOrder.BIG_ENDIAN);
    }

    void flush() {
        final long expressAddress = express == null ? 0 : express.address();
        final int droppedBefore = express == null ? 0 : express.dropped();
        int retries = RETRIES;
        int first = 0;
        while (first < size) {
            final long frames = entries.addressOffset() + (long) first * ENTRY_LENGTH;
            final int result = Shim.calls().send(descriptor, expressAddress, frames, size - first);
            if (result >= 0) {
                countSent(first, result);
                first += result;
                continue;
            }
            if (result == -Shim.EINTR) {
                continue;
            }
            if ((result == -Shim.EAGAIN || result == -Shim.ENOBUFS) && retries > 0) {
                retries--;
                Thread.onSpinWait();
                continue;
            }
            countRefused(-result);
            first++;
        }
        size = 0;
        if (express != null) {
            final int dropped = express.dropped() - droppedBefore;
            counters.sent -= dropped;
            counters.sendNoRoom += dropped;
        }
    }

    private void countSent(int first, int count) {
        counters.sent += count;
        for (int i = first; i < first + count; i++) {
            counters.sentBytes += entries.getLong(i * ENTRY_LENGTH + LENGTH_OFFSET) - VirtioHeader.LENGTH;
        }
    }

    private void countRefused(int errno) {
        switch (errno) {
            case Shim.EAGAIN, Shim.ENOBUFS -> counters.sendNoRoom++;
            case Shim.EMSGSIZE -> counters.sendTooLong++;
            case Shim.ENETDOWN, Shim.ENODEV, Shim.ENXIO -> counters.sendDown++;
            default -> counters.sendRefused++;
        }
    }
}
