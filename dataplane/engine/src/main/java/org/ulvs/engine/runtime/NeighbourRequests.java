// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * What workers tell the conductor about neighbours. Wishes to resolve one have fixed places, one of which a wish takes
 * by its hash: the same again changes nothing, another in the same place replaces it, and the next packet asks again.
 * So a flood of packets to unknown neighbours wakes the conductor once in each of its cycles and costs nothing else.
 * What ARP teaches goes through a small ring; where that is full it is forgotten.
 */
public final class NeighbourRequests {
    private static final int PLACE_BITS = 8;
    private static final int LESSONS_LENGTH = 8 * 1024;
    private static final int LESSON_LENGTH = 2 * BitUtil.SIZE_OF_LONG;
    private static final int LESSON_TYPE = 1;
    private static final int DRAIN_LIMIT = 64;

    /** Takes what workers say. */
    public interface Handler {
        /** A worker has packets for a neighbour that it does not know. */
        void onWanted(int port, int address);

        /** A neighbour has said where it is. */
        void onLearnt(int port, int address, long mac);
    }

    private final AtomicLongArray wanted = new AtomicLongArray(1 << PLACE_BITS);
    private final RingBuffer lessons = new OneToOneRingBuffer(new UnsafeBuffer(
            BufferUtil.allocateDirectAligned(LESSONS_LENGTH + RingBufferDescriptor.TRAILER_LENGTH, 64)));
    private volatile boolean pending;
    private volatile @Nullable Thread conductor;

    /** Who is woken by a wish, since packets wait for it; nobody before this is called. */
    void wakes(Thread thread) {
        conductor = thread;
    }

    /** Asks for a neighbour. Any worker. */
    void resolve(int port, int address) {
        final long key = NeighbourTable.key(port, address);
        final int place = (int) ((key * 0x9e37_79b9_7f4a_7c15L) >>> (Long.SIZE - PLACE_BITS));
        if (wanted.getPlain(place) != key) {
            wanted.set(place, key);
            if (!pending) {
                pending = true;
                LockSupport.unpark(conductor);
            }
        }
    }

    /** Tells where a neighbour is. Worker 0 only, which gets all ARP. */
    void learn(int port, int address, long mac) {
        final int index = lessons.tryClaim(LESSON_TYPE, LESSON_LENGTH);
        if (index > 0) {
            lessons.buffer().putLong(index, NeighbourTable.key(port, address));
            lessons.buffer().putLong(index + BitUtil.SIZE_OF_LONG, mac);
            lessons.commit(index);
        }
    }

    /** Takes what has been said. Conductor. */
    int drain(Handler handler) {
        int count = lessons.read(
                (type, buffer, index, length) -> {
                    final long key = buffer.getLong(index);
                    handler.onLearnt(NeighbourTable.port(key), (int) key, buffer.getLong(index + BitUtil.SIZE_OF_LONG));
                },
                DRAIN_LIMIT);
        if (pending) {
            pending = false;
            for (int place = 0; place < wanted.length(); place++) {
                final long key = wanted.get(place) == 0 ? 0 : wanted.getAndSet(place, 0);
                if (key != 0) {
                    handler.onWanted(NeighbourTable.port(key), (int) key);
                    count++;
                }
            }
        }
        return count;
    }
}
