// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.shim;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The rings of all workers at one interface. A frame goes to the socket whose position the steering program returns:
 * worker × sockets of a ring, and in a ring of two halves + 1 for the blocks.
 *
 * <p>The kernel numbers members in the order in which they join and moves the last one into the place of one that
 * leaves. So a group is built whole, in worker order, and taken down whole; no ring sees a frame before all have
 * joined. One thread at a time.
 */
public final class FanoutGroup {
    private final List<PacketRing> rings;

    private FanoutGroup(List<PacketRing> rings) {
        this.rings = List.copyOf(rings);
    }

    /**
     * Opens the rings of a group, one for each of {@code counters}, in this order.
     *
     * @param counters that each ring continues
     * @param steering program that fills slots, if there are two halves
     * @throws ShimException if the kernel refuses; nothing is left open
     */
    public static FanoutGroup open(RingSettings settings, List<RingCounters> counters, BpfProgram steering) {
        final List<PacketRing> rings = new ArrayList<>();
        try {
            int group = -1;
            for (final RingCounters ringCounters : counters) {
                final PacketRing ring = new PacketRing(settings, ringCounters);
                rings.add(ring);
                for (final PacketSocket socket : ring.sockets()) {
                    group = socket.join(group, settings.interfaceName());
                }
            }
            final FanoutGroup result = new FanoutGroup(rings);
            result.steer(steering);
            rings.forEach(ring -> ring.sockets().forEach(PacketSocket::listen));
            return result;
        } catch (final ShimException e) {
            rings.forEach(PacketRing::close);
            throw e;
        }
    }

    /** The rings in order. */
    public List<PacketRing> rings() {
        return rings;
    }

    /** Replaces the steering program, which fills the same half; takes some 20 ms. Never from a worker's thread. */
    public void steer(BpfProgram steering) {
        final UnsafeBuffer code = steering.encode();
        Shim.check(
                Shim.calls().fanoutProgram(rings.get(0).descriptors()[0], code.addressOffset(), steering.size()),
                "PACKET_FANOUT_DATA");
    }

    /** Whether all workers have read what the last {@link #switchTo} left behind. */
    public boolean isSettled() {
        return all(SwitchingReceiver::isDrained);
    }

    private boolean all(Predicate<SwitchingReceiver> condition) {
        for (final PacketRing ring : rings) {
            final SwitchingReceiver switching = ring.switching();
            if (switching != null && !condition.test(switching)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Fills the other half of the rings from now on. Call when {@link #isSettled} only. Takes some 20 ms; never from a
     * worker's thread.
     *
     * @param toBlocks which half
     * @param steering program that fills it
     */
    public void switchTo(boolean toBlocks, BpfProgram steering) {
        for (final PacketRing ring : rings) {
            final SwitchingReceiver switching = ring.switching();
            if (switching != null) {
                switching.begin(toBlocks);
            }
        }
        steer(steering);
        for (final PacketRing ring : rings) {
            final SwitchingReceiver switching = ring.switching();
            if (switching != null) {
                switching.settle();
            }
        }
    }

    /** Closes all rings; no worker uses them any more. */
    public void close() {
        rings.forEach(PacketRing::close);
    }
}
