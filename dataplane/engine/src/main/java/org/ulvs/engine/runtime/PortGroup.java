// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.status.AtomicCounter;
import org.jspecify.annotations.Nullable;
import org.ulvs.shim.BpfProgram;
import org.ulvs.shim.ExpressSocket;
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
    private final DataplaneContext context;
    private final List<RingSet> ringSets;
    private final List<WorkerCounters> counters;
    private final AtomicCounter opened;
    private final ErrorHandler errors;
    private final List<Runnable> retiring = new ArrayList<>();
    private SteeringPlan plan = SteeringPlan.EMPTY;
    private @Nullable FanoutGroup group;
    private @Nullable ExpressSocket express;
    private int interfaceIndex = NOWHERE;
    private boolean failed;
    private long failedNs;

    PortGroup(
            Port port,
            DataplaneContext context,
            List<RingSet> ringSets,
            List<WorkerCounters> counters,
            AtomicCounter opened,
            ErrorHandler errors) {
        this.port = port;
        this.context = context;
        this.ringSets = ringSets;
        this.counters = counters;
        this.opened = opened;
        this.errors = errors;
    }

    Port port() {
        return port;
    }

    /** Replaces what the steering program depends on; takes some 20 ms where that changes the program. */
    void steer(SteeringPlan next) {
        plan = next;
        if (group != null) {
            try {
                group.steer(program());
            } catch (final ShimException e) {
                errors.onError(e);
            }
        }
    }

    /**
     * Brings the rings in line with the interface.
     *
     * @param link as it is now, or null where it is gone
     * @param interrupted whether it was down since the last call, if only for a moment
     */
    void follow(HostNetwork.@Nullable Link link, boolean interrupted, long nowNs) {
        closeRetired();
        final int index = link != null && link.up() ? link.index() : NOWHERE;
        if (group != null && (interrupted || index != interfaceIndex)) {
            withdraw();
        }
        if (group == null && index != NOWHERE && !(failed && nowNs - failedNs < RETRY_NS)) {
            try {
                open(index);
                listen();
                failed = false;
            } catch (final ShimException e) {
                withdraw();
                failed = true;
                failedNs = nowNs;
                errors.onError(e);
            }
        }
    }

    /**
     * Builds the group; no frame comes in yet.
     *
     * @throws ShimException if the kernel refuses
     */
    void open(int index) {
        final RingSettings settings = new RingSettings(port.name(), index, port.index(), context.ringMib());
        final List<RingCounters> ringCounters =
                counters.stream().map(worker -> worker.ring(port.index())).toList();
        final FanoutGroup next = FanoutGroup.open(settings, express(index), ringCounters, program());
        group = next;
        interfaceIndex = index;
        for (int worker = 0; worker < ringSets.size(); worker++) {
            ringSets.get(worker).replace(port.index(), next.rings().get(worker));
        }
        opened.incrementRelease();
    }

    /**
     * Lets frames in.
     *
     * @throws ShimException if the kernel refuses
     */
    void listen() {
        if (group != null) {
            group.listen();
        }
    }

    /** The second way out, for a worker alone: kept while the rings are opened again, since it could not be at once. */
    private @Nullable ExpressSocket express(int index) {
        final ExpressSocket old = express;
        if (old != null && old.interfaceIndex() != index) {
            retiring.add(old::close);
            express = null;
        }
        if (express == null && ringSets.size() == 1) {
            express = ExpressSocket.open(index);
        }
        return express;
    }

    private BpfProgram program() {
        return Steering.program(port, plan.owned(), plan.inside(), ringSets.size());
    }

    private void withdraw() {
        if (group != null) {
            ringSets.forEach(set -> set.replace(port.index(), null));
            retiring.add(group::close);
            group = null;
        }
    }

    private void closeRetired() {
        if (!retiring.isEmpty() && ringSets.stream().allMatch(RingSet::isAdopted)) {
            retiring.forEach(Runnable::run);
            retiring.clear();
        }
    }

    /** Closes everything; the workers have ended. */
    void close() {
        withdraw();
        if (express != null) {
            retiring.add(express::close);
            express = null;
        }
        retiring.forEach(Runnable::run);
        retiring.clear();
    }
}
