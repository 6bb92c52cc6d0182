// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.status.AtomicCounter;
import org.jspecify.annotations.Nullable;
import org.ulvs.shim.BpfProgram;
import org.ulvs.shim.FanoutGroup;
import org.ulvs.shim.RingCounters;
import org.ulvs.shim.RingSettings;
import org.ulvs.shim.ShimException;

/**
 * The rings of all workers at one port. Follows the interface: gone or down, the rings are taken from the workers and
 * closed; back again, a new group is built. A group is one unit, since the kernel's numbering of its members does not
 * survive the loss of one. Conductor only.
 */
final class PortGroup {
    private static final long RETRY_NS = TimeUnit.SECONDS.toNanos(1);

    private static final int NOWHERE = 0;

    private final Port port;
    private final List<RingSet> ringSets;
    private final List<WorkerCounters> counters;
    private final int blocks;
    private final AtomicCounter opened;
    private final ErrorHandler errors;
    private final List<FanoutGroup> retiring = new ArrayList<>();
    private @Nullable FanoutGroup group;
    private int interfaceIndex;
    private boolean failed;
    private long failedNs;

    PortGroup(
            Port port,
            List<RingSet> ringSets,
            List<WorkerCounters> counters,
            int blocks,
            AtomicCounter opened,
            ErrorHandler errors) {
        this.port = port;
        this.ringSets = ringSets;
        this.counters = counters;
        this.blocks = blocks;
        this.opened = opened;
        this.errors = errors;
    }

    Port port() {
        return port;
    }

    /** Whether the rings stand. */
    boolean isOpen() {
        return group != null;
    }

    /**
     * Brings the rings in line with the interface.
     *
     * @param link as it is now, or null where it is gone
     * @param interrupted whether it was down since the last call, if only for a moment
     */
    void follow(HostNetwork.@Nullable Link link, boolean interrupted, Supplier<BpfProgram> steering, long nowNs) {
        closeRetired();
        final int index = link != null && link.up() ? link.index() : NOWHERE;
        if (group != null && (interrupted || index != interfaceIndex)) {
            withdraw();
        }
        if (group == null && index != NOWHERE && !(failed && nowNs - failedNs < RETRY_NS)) {
            try {
                open(index, steering.get());
                failed = false;
            } catch (final ShimException e) {
                failed = true;
                failedNs = nowNs;
                errors.onError(e);
            }
        }
    }

    /**
     * Builds the group.
     *
     * @throws ShimException if the kernel refuses
     */
    void open(int index, BpfProgram steering) {
        final List<RingSettings> settings = new ArrayList<>();
        final List<RingCounters> ringCounters = new ArrayList<>();
        for (int worker = 0; worker < ringSets.size(); worker++) {
            settings.add(new RingSettings(port.name(), index, port.index(), RingSettings.BLOCKS, blocks));
            ringCounters.add(counters.get(worker).ring(port.index()));
        }
        final FanoutGroup next = FanoutGroup.open(settings, ringCounters, steering);
        group = next;
        interfaceIndex = index;
        for (int worker = 0; worker < ringSets.size(); worker++) {
            ringSets.get(worker).replace(port.index(), next.rings().get(worker));
        }
        opened.incrementRelease();
    }

    /** Replaces the steering program. */
    void steer(BpfProgram steering) {
        if (group != null) {
            group.steer(steering);
        }
    }

    private void withdraw() {
        if (group != null) {
            ringSets.forEach(set -> set.replace(port.index(), null));
            retiring.add(group);
            group = null;
        }
    }

    private void closeRetired() {
        if (!retiring.isEmpty() && ringSets.stream().allMatch(RingSet::isAdopted)) {
            retiring.forEach(FanoutGroup::close);
            retiring.clear();
        }
    }

    /** Closes everything; the workers have ended. */
    void close() {
        withdraw();
        retiring.forEach(FanoutGroup::close);
        retiring.clear();
    }
}
