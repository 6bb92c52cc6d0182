// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.shim;

import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The rings of all workers at one interface. A frame goes to the ring whose position the steering program returns.
 *
 * <p>The kernel numbers members in the order in which they join and moves the last one into the place of one that
 * leaves. So a group is built whole, in worker order, and taken down whole; no ring sees a frame before all have
 * joined and the group listens. One thread at a time.
 */
public final class FanoutGroup {
    private final List<PacketRing> rings;
    private @Nullable UnsafeBuffer steering;

    private FanoutGroup(List<PacketRing> rings) {
        this.rings = List.copyOf(rings);
    }

    /**
     * Opens the rings of a group, one for each of {@code counters}, in this order; no frame comes in yet. A ring alone
     * is in no group, which saves the kernel a step for each frame.
     *
     * @param express second way out of a ring alone, which stays open when the group is closed; or null
     * @param counters that each ring continues
     * @throws ShimException if the kernel refuses; nothing is left open
     */
    public static FanoutGroup open(
            RingSettings settings, @Nullable ExpressSocket express, List<RingCounters> counters, BpfProgram steering) {
        final List<PacketRing> rings = new ArrayList<>();
        try {
            int group = -1;
            for (final RingCounters ringCounters : counters) {
                final PacketRing ring = new PacketRing(settings, express, ringCounters);
                rings.add(ring);
                if (counters.size() > 1) {
                    group = ring.join(group, settings.interfaceName());
                }
            }
            final FanoutGroup result = new FanoutGroup(rings);
            result.steer(steering);
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

    /**
     * Lets frames in.
     *
     * @throws ShimException if the kernel refuses
     */
    public void listen() {
        rings.forEach(PacketRing::listen);
    }

    /**
     * Replaces the steering program unless it is the same; frames follow the new one when this returns. The kernel
     * takes some 20 ms. Never from a worker's thread.
     *
     * @throws ShimException if the kernel refuses; the old one stays
     */
    public void steer(BpfProgram program) {
        if (rings.size() == 1) {
            return;
        }
        final UnsafeBuffer code = program.encode();
        if (!code.equals(steering)) {
            Shim.check(
                    Shim.calls().fanoutProgram(rings.get(0).descriptor(), code.addressOffset(), program.size()),
                    "PACKET_FANOUT_DATA");
            steering = code;
        }
    }

    /** Closes all rings; no worker uses them any more. */
    public void close() {
        rings.forEach(PacketRing::close);
    }
}
