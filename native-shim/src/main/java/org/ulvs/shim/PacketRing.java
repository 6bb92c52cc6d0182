// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.shim;

import org.jspecify.annotations.Nullable;
import org.ulvs.wire.Frame;
import org.ulvs.wire.FrameBatch;

/** A {@link Ring} over an AF_PACKET socket. Opened by the conductor as part of a {@link FanoutGroup}. */
public final class PacketRing implements Ring {
    /** Frames longer than a slot that one batch may have. */
    private static final int LONG_FRAMES = 64;

    private final PacketSocket socket;
    private final SlotReceiver receiver;
    private final TransmitQueue queue;
    private final RingCounters counters;

    /**
     * Opens a ring.
     *
     * @param express second way out, which stays open when the ring is closed; or null
     * @param counters that the ring continues
     * @throws ShimException if the kernel refuses
     */
    PacketRing(RingSettings settings, @Nullable ExpressSocket express, RingCounters counters) {
        this.counters = counters;
        socket = new PacketSocket(settings);
        receiver = new SlotReceiver(
                socket.descriptor(),
                socket.address(),
                socket.length(),
                RingSettings.BLOCK_SIZE,
                RingSettings.SLOT_SIZE,
                LONG_FRAMES,
                settings.port(),
                counters);
        queue = new TransmitQueue(socket.descriptor(), express, counters);
    }

    /** Joins a fanout group, or founds one where it is negative; returns its number. */
    int join(int group, String interfaceName) {
        return Shim.check(
                Shim.calls().fanoutJoin(descriptor(), group), "interface " + interfaceName + ": PACKET_FANOUT");
    }

    /** Lets frames in. */
    void listen() {
        Shim.check(Shim.calls().filter(descriptor(), 0, 0), "SO_DETACH_FILTER");
    }

    @Override
    public int receive(FrameBatch batch) {
        return receiver.receive(batch);
    }

    @Override
    public boolean hasArrived(int places) {
        return receiver.hasArrived(places);
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
        return socket.descriptor();
    }

    @Override
    public RingCounters counters() {
        return counters;
    }

    @Override
    public void pollStatistics() {
        counters.lost += socket.lost();
    }

    @Override
    public void close() {
        socket.close();
    }
}
