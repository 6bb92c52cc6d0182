// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.shim;

import org.ulvs.wire.Frame;
import org.ulvs.wire.FrameBatch;

/** A {@link Ring} over an AF_PACKET socket. Opened by the conductor, silent until its {@link FanoutGroup} stands. */
public final class PacketRing implements Ring {
    private final int descriptor;
    private final long address;
    private final long length;
    private final Receiver receiver;
    private final TransmitQueue queue;
    private final RingCounters counters;
    private final LossCounter statistics;

    /**
     * Opens a ring.
     *
     * @param counters that the ring continues
     * @throws ShimException if the kernel refuses
     */
    public PacketRing(RingSettings settings, RingCounters counters) {
        final RingDescriptor ring = new RingDescriptor(settings);
        descriptor = ring.open(settings.interfaceName());
        address = ring.address();
        length = ring.length();
        this.counters = counters;
        receiver = settings.version() == RingSettings.SLOTS
                ? new SlotReceiver(
                        address, length, RingSettings.BLOCK_SIZE, RingSettings.SLOT_SIZE, settings.port(), counters)
                : new BlockReceiver(address, length, RingSettings.BLOCK_SIZE, settings.port(), counters);
        queue = new TransmitQueue(descriptor, counters);
        statistics = new LossCounter(descriptor);
    }

    @Override
    public int receive(FrameBatch batch) {
        return receiver.receive(batch);
    }

    @Override
    public void release() {
        receiver.release();
    }

    @Override
    public void send(Frame frame) {
        queue.send(frame);
    }

    @Override
    public void flush() {
        queue.flush();
    }

    @Override
    public int descriptor() {
        return descriptor;
    }

    @Override
    public RingCounters counters() {
        return counters;
    }

    @Override
    public void pollStatistics() {
        counters.lost += statistics.lost();
    }

    @Override
    public void close() {
        Shim.calls().ringClose(descriptor, address, length);
    }
}
