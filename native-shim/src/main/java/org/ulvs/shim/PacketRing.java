// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.shim;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ulvs.wire.Frame;
import org.ulvs.wire.FrameBatch;

/** A {@link Ring} over one or two AF_PACKET sockets. Opened by the conductor as part of a {@link FanoutGroup}. */
public final class PacketRing implements Ring {
    private final List<PacketSocket> sockets = new ArrayList<>();
    private final int[] descriptors;
    private final Receiver receiver;
    private final @Nullable SwitchingReceiver switching;
    private final TransmitQueue queue;
    private final RingCounters counters;

    /**
     * Opens a ring.
     *
     * @param counters that the ring continues
     * @throws ShimException if the kernel refuses
     */
    PacketRing(RingSettings settings, RingCounters counters) {
        this.counters = counters;
        try {
            switch (settings.kind()) {
                case SLOTS -> {
                    receiver = slots(settings);
                    switching = null;
                }
                case BLOCKS -> {
                    receiver = blocks(settings);
                    switching = null;
                }
                default -> {
                    switching = new SwitchingReceiver(slots(settings), blocks(settings));
                    receiver = switching;
                }
            }
        } catch (final ShimException e) {
            close();
            throw e;
        }
        descriptors = sockets.stream().mapToInt(PacketSocket::descriptor).toArray();
        queue = new TransmitQueue(descriptors[0], counters);
    }

    private SlotReceiver slots(RingSettings settings) {
        final PacketSocket socket = new PacketSocket(settings, RingSettings.V2);
        sockets.add(socket);
        return new SlotReceiver(
                socket.address(),
                socket.length(),
                RingSettings.BLOCK_SIZE,
                RingSettings.SLOT_SIZE,
                settings.port(),
                counters);
    }

    private BlockReceiver blocks(RingSettings settings) {
        final PacketSocket socket = new PacketSocket(settings, RingSettings.V3);
        sockets.add(socket);
        return new BlockReceiver(socket.address(), socket.length(), RingSettings.BLOCK_SIZE, settings.port(), counters);
    }

    /** The sockets in the order of their positions in the fanout group. */
    List<PacketSocket> sockets() {
        return sockets;
    }

    /** What keeps the order when the ring has two halves. */
    @Nullable
    SwitchingReceiver switching() {
        return switching;
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
    public int[] descriptors() {
        return descriptors;
    }

    @Override
    public RingCounters counters() {
        return counters;
    }

    @Override
    public void pollStatistics() {
        for (int i = 0; i < sockets.size(); i++) {
            counters.lost += sockets.get(i).lost();
        }
    }

    @Override
    public void close() {
        sockets.forEach(PacketSocket::close);
    }
}
