// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.shim;

import org.agrona.concurrent.UnsafeBuffer;
import org.ulvs.wire.Frame;
import org.ulvs.wire.FrameBatch;

/** Reads a TPACKET_V2 ring: slots of one size, each with a {@code struct tpacket2_hdr}. */
final class SlotReceiver implements Receiver {
    private static final int STATUS_OFFSET = 0;
    private static final int LENGTH_OFFSET = 4;
    private static final int SNAP_LENGTH_OFFSET = 8;
    private static final int MAC_OFFSET = 12;
    private static final int VLAN_OFFSET = 24;
    private static final int PACKET_TYPE_OFFSET = 42;
    private static final int HEADER_LENGTH = 52;

    private final UnsafeBuffer memory;
    private final int blockSize;
    private final int slotSize;
    private final int slotsPerBlock;
    private final int slotCount;
    private final int port;
    private final RingCounters counters;

    private int slot;
    private int firstHeld;
    private int held;

    SlotReceiver(long address, long length, int blockSize, int slotSize, int port, RingCounters counters) {
        memory = new UnsafeBuffer(address, (int) length);
        this.blockSize = blockSize;
        this.slotSize = slotSize;
        this.slotsPerBlock = blockSize / slotSize;
        this.slotCount = (int) (length / blockSize) * slotsPerBlock;
        this.port = port;
        this.counters = counters;
    }

    /** Whether a frame can be read. */
    boolean isReady() {
        return readable(1) > 0;
    }

    /** How many frames, up to a limit, have arrived and were not read. */
    int readable(int limit) {
        int count = 0;
        int next = slot;
        while (count < limit
                && held + count < slotCount
                && (memory.getIntVolatile(index(next) + STATUS_OFFSET) & FrameReader.STATUS_USER) != 0) {
            count++;
            next = next + 1 == slotCount ? 0 : next + 1;
        }
        return count;
    }

    @Override
    public int receive(FrameBatch batch) {
        return receive(batch, slotCount);
    }

    /** As {@link #receive(FrameBatch)}, from so many slots at most. */
    int receive(FrameBatch batch, int slots) {
        int count = 0;
        int left = slots;
        while (!batch.isFull() && held < slotCount && left-- > 0) {
            final int index = index(slot);
            final int status = memory.getIntVolatile(index + STATUS_OFFSET);
            if ((status & FrameReader.STATUS_USER) == 0) {
                break;
            }
            held++;
            slot = slot + 1 == slotCount ? 0 : slot + 1;
            if (FrameReader.isForUs(memory.getByte(index + PACKET_TYPE_OFFSET))) {
                fill(batch.next(), index, status);
                count++;
            } else {
                counters.otherHost++;
            }
        }
        return count;
    }

    private int index(int slotNumber) {
        return slotNumber / slotsPerBlock * blockSize + slotNumber % slotsPerBlock * slotSize;
    }

    private void fill(Frame frame, int index, int status) {
        final int mac = memory.getShort(index + MAC_OFFSET) & 0xffff;
        final int length = memory.getInt(index + SNAP_LENGTH_OFFSET);
        FrameReader.fill(frame, memory, index + mac, mac - HEADER_LENGTH, length, slotSize - mac, port);
        frame.wireLength(memory.getInt(index + LENGTH_OFFSET));
        if ((status & FrameReader.STATUS_VLAN_VALID) != 0) {
            frame.vlanTci(memory.getShort(index + VLAN_OFFSET) & 0xffff);
        }
        counters.received++;
        counters.receivedBytes += frame.wireLength();
    }

    @Override
    public void release() {
        while (held > 0) {
            memory.putIntRelease(index(firstHeld) + STATUS_OFFSET, FrameReader.STATUS_KERNEL);
            firstHeld = firstHeld + 1 == slotCount ? 0 : firstHeld + 1;
            held--;
        }
    }
}
