// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.shim;

import org.agrona.concurrent.UnsafeBuffer;
import org.ulvs.wire.Frame;
import org.ulvs.wire.FrameBatch;

/** Reads a TPACKET_V3 ring: {@code struct tpacket_block_desc} with chains of {@code struct tpacket3_hdr}. */
public final class BlockReceiver implements Receiver {
    private static final int BLOCK_STATUS_OFFSET = 8;
    private static final int BLOCK_PACKETS_OFFSET = 12;
    private static final int BLOCK_FIRST_OFFSET = 16;

    private static final int NEXT_OFFSET = 0;
    private static final int SNAP_LENGTH_OFFSET = 12;
    private static final int LENGTH_OFFSET = 16;
    private static final int STATUS_OFFSET = 20;
    private static final int MAC_OFFSET = 24;
    private static final int VLAN_OFFSET = 32;
    private static final int PACKET_TYPE_OFFSET = 58;
    private static final int HEADER_LENGTH = 68;

    private final UnsafeBuffer memory;
    private final int blockSize;
    private final int blockCount;
    private final int port;
    private final RingCounters counters;

    private int block;
    private int firstHeld;
    private int held;
    private int remaining;
    private int packet;

    /** Reads blocks that lie at an address, as the kernel fills them. */
    public BlockReceiver(long address, long length, int blockSize, int port, RingCounters counters) {
        memory = new UnsafeBuffer(address, (int) length);
        this.blockSize = blockSize;
        this.blockCount = (int) (length / blockSize);
        this.port = port;
        this.counters = counters;
    }

    @Override
    public int receive(FrameBatch batch) {
        int count = 0;
        while (!batch.isFull() && isReady()) {
            count += receiveBlock(batch);
        }
        return count;
    }

    /** As {@link #receive}, but from one block only. */
    int receiveBlock(FrameBatch batch) {
        if (remaining == 0 && !openBlock()) {
            return 0;
        }
        int count = 0;
        while (remaining > 0 && !batch.isFull()) {
            final int index = packet;
            packet += memory.getInt(index + NEXT_OFFSET);
            remaining--;
            if (FrameReader.isForUs(memory.getByte(index + PACKET_TYPE_OFFSET))) {
                fill(batch.next(), index);
                count++;
            } else {
                counters.otherHost++;
            }
        }
        if (remaining == 0) {
            held++;
            block = block + 1 == blockCount ? 0 : block + 1;
        }
        return count;
    }

    /** Whether a frame can be read: one of a block begun, or a block that the kernel has closed. */
    boolean isReady() {
        return remaining > 0 || isClosed();
    }

    /**
     * Whether nothing has arrived that was not read, not even in the block that the kernel is filling: it counts a
     * frame there before it has copied it.
     */
    boolean isEmpty() {
        return !isReady() && memory.getIntVolatile(block * blockSize + BLOCK_PACKETS_OFFSET) == 0;
    }

    private boolean isClosed() {
        return held < blockCount
                && (memory.getIntVolatile(block * blockSize + BLOCK_STATUS_OFFSET) & FrameReader.STATUS_USER) != 0;
    }

    private boolean openBlock() {
        if (!isClosed()) {
            return false;
        }
        final int start = block * blockSize;
        remaining = memory.getInt(start + BLOCK_PACKETS_OFFSET);
        packet = start + memory.getInt(start + BLOCK_FIRST_OFFSET);
        return true;
    }

    private void fill(Frame frame, int index) {
        final int mac = memory.getShort(index + MAC_OFFSET) & 0xffff;
        final int length = memory.getInt(index + SNAP_LENGTH_OFFSET);
        FrameReader.fill(frame, memory, index + mac, mac - HEADER_LENGTH, length, length, port);
        frame.wireLength(memory.getInt(index + LENGTH_OFFSET));
        if ((memory.getInt(index + STATUS_OFFSET) & FrameReader.STATUS_VLAN_VALID) != 0) {
            frame.vlanTci(memory.getInt(index + VLAN_OFFSET));
        }
        counters.received++;
        counters.receivedBytes += frame.wireLength();
    }

    @Override
    public void release() {
        while (held > 0) {
            final int start = firstHeld * blockSize;
            // the kernel clears the count only when it begins to fill the block, but isEmpty() asks before that
            memory.putInt(start + BLOCK_PACKETS_OFFSET, 0);
            memory.putIntRelease(start + BLOCK_STATUS_OFFSET, FrameReader.STATUS_KERNEL);
            firstHeld = firstHeld + 1 == blockCount ? 0 : firstHeld + 1;
            held--;
        }
    }
}
