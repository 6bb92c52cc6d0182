// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.shim;

import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;
import org.ulvs.wire.Frame;
import org.ulvs.wire.FrameBatch;

/**
 * Reads a TPACKET_V2 ring: slots of one size, each with a {@code struct tpacket2_hdr}. A frame that is longer than a
 * slot is in the socket's queue as well (PACKET_COPY_THRESH), in the order of the slots, and is fetched from there.
 * Slots are read by their addresses: a buffer might lie over an array, so that the compiler would read all anew after
 * each access. Owned by the worker.
 */
public final class SlotReceiver {
    private static final int STATUS_OFFSET = 0;
    private static final int LENGTH_OFFSET = 4;
    private static final int SNAP_LENGTH_OFFSET = 8;
    private static final int MAC_OFFSET = 12;
    private static final int VLAN_OFFSET = 24;
    private static final int PACKET_TYPE_OFFSET = 42;
    private static final int HEADER_LENGTH = 52;

    private static final int STATUS_KERNEL = 0;
    private static final int STATUS_USER = 1;
    private static final int STATUS_COPY = 1 << 1;
    private static final int STATUS_VLAN_VALID = 1 << 4;
    private static final byte PACKET_OTHERHOST = 3;

    /** Bytes before a long frame, the virtio header included; the IP header lies on a multiple of 16. */
    private static final int COPY_HEADROOM = 82;
    /** Bytes for a long frame: a super-frame of 64 KiB with its headers and what is before it. */
    private static final int COPY_SIZE = 66 * 1024;

    private final long memory;
    private final UnsafeBuffer copies;
    private final int copyCount;
    private final int descriptor;
    private final int blockSize;
    private final int slotSize;
    /** Bytes of a block that have slots. */
    private final int slotsLength;

    private final int slotsPerBlock;
    private final int slotCount;
    /** Behind the last block. */
    private final long end;

    private final int port;
    private final RingCounters counters;

    private final Cursor next;
    private final Cursor firstHeld;
    private int held;
    private int copied;

    /**
     * Reads slots that lie at an address, as the kernel fills them.
     *
     * @param descriptor of the socket
     * @param blockSize bytes of a block, which has as many slots as fit
     * @param longFrames that are longer than a slot: how many there is room for between two releases
     */
    public SlotReceiver(
            int descriptor,
            long address,
            long length,
            int blockSize,
            int slotSize,
            int longFrames,
            int port,
            RingCounters counters) {
        memory = address;
        copies = new UnsafeBuffer(BufferUtil.allocateDirectAligned(longFrames * COPY_SIZE, BitUtil.CACHE_LINE_LENGTH));
        copyCount = longFrames;
        this.descriptor = descriptor;
        this.blockSize = blockSize;
        this.slotSize = slotSize;
        this.slotsPerBlock = blockSize / slotSize;
        this.slotsLength = slotsPerBlock * slotSize;
        final int blocks = (int) (length / blockSize);
        this.slotCount = blocks * slotsPerBlock;
        this.end = address + (long) blocks * blockSize;
        this.port = port;
        this.counters = counters;
        this.next = new Cursor();
        this.firstHeld = new Cursor();
    }

    /** See {@link Ring#receive}. */
    public int receive(FrameBatch batch) {
        int count = 0;
        while (!batch.isFull() && held < slotCount) {
            final long slot = next.slot;
            final int status = UnsafeApi.getIntVolatile(null, slot + STATUS_OFFSET);
            if ((status & STATUS_USER) == 0 || ((status & STATUS_COPY) != 0 && copied == copyCount)) {
                break;
            }
            held++;
            next.advance();
            final boolean forUs = UnsafeApi.getByte(slot + PACKET_TYPE_OFFSET) < PACKET_OTHERHOST;
            final int fetched = (status & STATUS_COPY) != 0 ? fetch() : -1;
            if (forUs) {
                fill(batch.next(), slot, status, fetched);
                count++;
            } else {
                counters.otherHost++;
            }
        }
        return count;
    }

    /** See {@link Ring#hasArrived}. */
    public boolean hasArrived(int places) {
        final long slot = (next.slot - next.block) / slotSize + places;
        final long block = (next.block - memory + slot / slotsPerBlock * blockSize) % (end - memory);
        final long place = memory + block + slot % slotsPerBlock * slotSize;
        return (UnsafeApi.getIntVolatile(null, place + STATUS_OFFSET) & STATUS_USER) != 0;
    }

    /** Fetches the next long frame; returns its length, or what is negative where there is none. */
    private int fetch() {
        final long address = copies.addressOffset() + (long) copied++ * COPY_SIZE + COPY_HEADROOM - VirtioHeader.LENGTH;
        final int room = COPY_SIZE - COPY_HEADROOM + VirtioHeader.LENGTH;
        final int length = Shim.calls().receive(descriptor, address, room);
        // an error of the interface is told once, whatever waits in the queue
        return (length < 0 ? Shim.calls().receive(descriptor, address, room) : length) - VirtioHeader.LENGTH;
    }

    private void fill(Frame frame, long slot, int status, int fetched) {
        if (fetched > 0) {
            final long mac = copies.addressOffset() + (long) (copied - 1) * COPY_SIZE + COPY_HEADROOM;
            wrap(frame, mac, COPY_HEADROOM, fetched, COPY_SIZE - COPY_HEADROOM);
        } else {
            final int mac = UnsafeApi.getShort(slot + MAC_OFFSET) & 0xffff;
            wrap(frame, slot + mac, mac - HEADER_LENGTH, UnsafeApi.getInt(slot + SNAP_LENGTH_OFFSET), slotSize - mac);
        }
        final int wireLength = UnsafeApi.getInt(slot + LENGTH_OFFSET);
        frame.wireLength(wireLength);
        if ((status & STATUS_VLAN_VALID) != 0) {
            frame.vlanTci(UnsafeApi.getShort(slot + VLAN_OFFSET) & 0xffff);
        }
        counters.received++;
        counters.receivedBytes += wireLength;
    }

    private void wrap(Frame frame, long mac, int headroom, int length, int capacity) {
        frame.wrap(mac - headroom, headroom, length, capacity, port);
        VirtioHeader.read(frame, mac);
    }

    /**
     * Plays the kernel's part: fills in the header of a slot in memory, and hands it to the reader. Frame and virtio
     * header have been written.
     *
     * @param mac where the frame lies in the slot
     */
    public static void provide(UnsafeBuffer slots, int index, int mac, int length) {
        slots.putInt(index + LENGTH_OFFSET, length);
        slots.putInt(index + SNAP_LENGTH_OFFSET, length);
        slots.putShort(index + MAC_OFFSET, (short) mac);
        slots.putIntRelease(index + STATUS_OFFSET, STATUS_USER);
    }

    /** See {@link Ring#release}. */
    public void release() {
        while (held > 0) {
            UnsafeApi.putIntRelease(null, firstHeld.slot + STATUS_OFFSET, STATUS_KERNEL);
            firstHeld.advance();
            held--;
        }
        copied = 0;
    }

    /** Goes from slot to slot, without the divisions that a slot's number would need. */
    private final class Cursor {
        private long slot = memory;
        private long block = memory;

        void advance() {
            slot += slotSize;
            if (slot - block == slotsLength) {
                block = block + blockSize == end ? memory : block + blockSize;
                slot = block;
            }
        }
    }
}
