// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.shim;

import org.agrona.concurrent.UnsafeBuffer;
import org.ulvs.wire.Frame;
import org.ulvs.wire.FrameBatch;

/** Reads a TPACKET_V3 ring: {@code struct tpacket_block_desc} with chains of {@code struct tpacket3_hdr}. */
final class BlockReceiver implements Receiver {
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

    BlockReceiver(long address, long length, int blockSize, int port, RingCounters counters) {
        memory = new UnsafeBuffer(address, (int) length);
        this.blockSize = blockSize;
        this.blockCount = (int) (length / blockSize);
        this.port = port;
        this.counters = counters;
    }

    @Override
    public int receive(FrameBatch batch) {
        int count = 0;
        while (!batch.isFull()) {
            if (remaining == 0 && !openBlock()) {
                break;
            }
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
        }
        return count;
    }

    private boolean openBlock() {
        if (held == blockCount) {
            return false;
        }
        final int start = block * blockSize;
        if ((memory.getIntVolatile(start + BLOCK_STATUS_OFFSET) & FrameReader.STATUS_USER) == 0) {
            return false;
        }
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
            memory.putIntRelease(firstHeld * blockSize + BLOCK_STATUS_OFFSET, FrameReader.STATUS_KERNEL);
            firstHeld = firstHeld + 1 == blockCount ? 0 : firstHeld + 1;
            held--;
        }
    }
}
