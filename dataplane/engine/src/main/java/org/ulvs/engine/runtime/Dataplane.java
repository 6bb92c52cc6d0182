// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.status.AtomicCounter;
import org.jspecify.annotations.Nullable;
import org.ulvs.cnc.CncFile;
import org.ulvs.cnc.Counters;
import org.ulvs.cnc.InetAddr;
import org.ulvs.cnc.OwnedAddress;
import org.ulvs.shim.Shim;
import org.ulvs.shim.ShimException;

/** A dataplane that runs in this process: one conductor, its workers, and what they share. */
final class Dataplane implements AutoCloseable {
    private static final int RINGS_OPENED_TYPE_ID = 70;
    private static final int ARP_PROBES_TYPE_ID = 71;
    private static final int ARP_CONFLICTS_TYPE_ID = 72;
    private static final int CYCLE_ERRORS_TYPE_ID = 73;
    private static final int ADDRESSES_GIVEN_UP_TYPE_ID = 75;

    private static final int CAP_NET_ADMIN = 12;
    private static final int CAP_NET_RAW = 13;

    private final CountDownLatch stopped = new CountDownLatch(1);
    private final List<Worker> workers = new ArrayList<>();
    private final List<WorkerIdle> idles = new ArrayList<>();
    private final List<AgentRunner> runners = new ArrayList<>();
    private final CncFile cnc;
    private final ErrorHandler errors;
    private final AtomicCounter errorCount;
    private final NeighbourRequests requests;
    private final Conductor conductor;
    private final boolean ownsProcess;
    private boolean closed;

    private Dataplane(DataplaneContext context, CncFile cnc, Forwarding forwarding) {
        this.cnc = cnc;
        this.ownsProcess = context.ownsProcess();
        final Counters counters = cnc.counters();
        this.errorCount = counters.allocate(CYCLE_ERRORS_TYPE_ID, "errors in duty cycles", Counters.CONDUCTOR);
        this.errors = error -> {
            errorCount.incrementRelease();
            cnc.errorLog().record(error);
            System.err.println("ulvs dataplane: " + error.getMessage());
        };
        final List<Port> ports = context.ports();
        this.requests = new NeighbourRequests();
        final PublishedNextHops nextHops = new PublishedNextHops(requests);
        final OwnedAddressTable owned = new OwnedAddressTable();
        final Announcements announcements = new Announcements(nextHops);
        final Fencing fencing = new Fencing(
                cnc::supervised,
                owned,
                announcements,
                ports,
                counters.allocate(
                        ADDRESSES_GIVEN_UP_TYPE_ID, "addresses given up to another director", Counters.CONDUCTOR),
                errors);
        final ArpResponder arp = new ArpResponder(
                owned,
                nextHops,
                requests,
                fencing,
                counters.allocate(ARP_PROBES_TYPE_ID, "ARP probes for our addresses", 0),
                counters.allocate(ARP_CONFLICTS_TYPE_ID, "ARP claims of our addresses by others", 0));
        final List<RingSet> ringSets = new ArrayList<>();
        final List<WorkerCounters> workerCounters = new ArrayList<>();
        final long nowNs = context.nanoClock().nanoTime();
        final List<PortGroup> groups = new ArrayList<>();
        for (int worker = 0; worker < context.workers(); worker++) {
            ringSets.add(new RingSet(ports.size()));
            workerCounters.add(new WorkerCounters(counters, worker, ports.size()));
            final HoldQueue held = new HoldQueue(nextHops, workerCounters.get(worker));
            idles.add(new WorkerIdle(context.idle(), ports.size(), held));
            workers.add(new Worker(
                    worker,
                    context.cpu(worker),
                    ringSets.get(worker),
                    forwarding.processor(worker, cnc, nextHops, owned, arp, nowNs),
                    announcements,
                    workerCounters.get(worker),
                    held,
                    idles.get(worker),
                    context.nanoClock()));
        }
        for (final Port port : ports) {
            groups.add(new PortGroup(
                    port,
                    context,
                    ringSets,
                    workerCounters,
                    counters.allocate(RINGS_OPENED_TYPE_ID, "rings of " + port.name() + " opened", Counters.CONDUCTOR),
                    errors));
        }
        final NetworkChange networkChange = new NetworkChange();
        final HostNetwork network = new HostNetwork(ports, requests, nextHops, networkChange, nowNs);
        checkInterfaces(network, ports);
        conductor = new Conductor(
                context,
                network,
                groups,
                owned,
                new HostGuard(context.instance(), context.nft()),
                announcements,
                fencing,
                forwarding,
                stopped::countDown,
                errors);
        networkChange.conductor = conductor;
    }

    private static final class NetworkChange implements Runnable {
        private @Nullable Conductor conductor;

        @Override
        public void run() {
            if (conductor != null) {
                conductor.onNetworkChange();
            }
        }
    }

    /**
     * Starts a dataplane: it forwards when this returns.
     *
     * @param work made once the directory is ours
     * @throws StartException if it cannot; nothing is left behind
     */
    static Dataplane launch(DataplaneContext context, Function<DataplaneContext, Forwarding> work) {
        if (!context.ports().isEmpty()) {
            checkCapabilities();
        }
        final CncFile cnc = createCnc(context);
        Dataplane dataplane = null;
        try {
            final Forwarding forwarding = work.apply(context);
            dataplane = new Dataplane(context, cnc, forwarding);
            forwarding.start(cnc, dataplane.conductor);
            context.owned().forEach(dataplane::own);
            dataplane.start();
            cnc.running(context.epochClock().time());
            return dataplane;
        } catch (final ShimException | HostGuard.GuardException e) {
            throw abandon(dataplane, cnc, StartException.lacking(String.valueOf(e.getMessage())));
        } catch (final UncheckedIOException e) {
            throw abandon(
                    dataplane,
                    cnc,
                    new StartException(
                            StartException.FAILED,
                            "cannot make the files in " + context.directory() + ": " + e.getMessage()));
        } catch (final StartException e) {
            throw abandon(dataplane, cnc, e);
        }
    }

    private void own(int address, String device) {
        conductor.resume(new OwnedAddress(InetAddr.v4(address), device));
    }

    private static StartException abandon(@Nullable Dataplane dataplane, CncFile cnc, StartException reason) {
        if (dataplane != null) {
            dataplane.close();
        } else {
            closeQuietly(cnc);
        }
        return reason;
    }

    private static void closeQuietly(CncFile cnc) {
        try {
            cnc.close();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static CncFile createCnc(DataplaneContext context) {
        try {
            return CncFile.create(context.directory(), context.epochClock());
        } catch (final AccessDeniedException e) {
            throw new StartException(StartException.FAILED, "may not write in " + context.directory());
        } catch (final FileSystemException e) {
            throw new StartException(
                    StartException.FAILED, "cannot use the directory " + context.directory() + ": " + e.getMessage());
        } catch (final IOException e) {
            throw new StartException(
                    StartException.FAILED, "cannot make cnc.dat in " + context.directory() + ": " + e.getMessage());
        } catch (final IllegalStateException e) {
            throw new StartException(StartException.FAILED, String.valueOf(e.getMessage()));
        }
    }

    private static void checkCapabilities() {
        final long effective = effectiveCapabilities();
        if ((effective & 1L << CAP_NET_RAW) == 0 || (effective & 1L << CAP_NET_ADMIN) == 0) {
            throw StartException.lacking(
                    "packet rings need the capabilities NET_RAW and NET_ADMIN: start the dataplane as root");
        }
    }

    private static long effectiveCapabilities() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("CapEff:"))
                    .mapToLong(line -> Long.parseUnsignedLong(
                            line.substring("CapEff:".length()).strip(), 16))
                    .findFirst()
                    .orElse(0);
        } catch (final IOException e) {
            throw StartException.lacking("/proc is not mounted: " + e.getMessage());
        }
    }

    private static void checkInterfaces(HostNetwork network, List<Port> ports) {
        for (final Port port : ports) {
            if (network.link(port) == null) {
                throw StartException.lacking("there is no interface " + port.name() + "; there are "
                        + String.join(", ", network.interfaceNames()));
            }
        }
    }

    private void start() {
        if (ownsProcess) {
            // the compilers above all, which would take the CPU from a worker while its ring fills; what this thread
            // starts, the conductor, may run anywhere, since somebody waits for what it does
            final int[] cpus = workers.stream().mapToInt(Worker::cpu).toArray();
            Shim.check(Shim.calls().keepOff(cpus, cpus.length), "keeping the JVM's threads off the CPUs of workers");
        }
        for (int i = 0; i < workers.size(); i++) {
            run(new AgentRunner(idles.get(i), errors, errorCount, workers.get(i)));
        }
        conductor.start();
        requests.wakes(run(new AgentRunner(new ConductorIdle(LockSupport::parkNanos), errors, errorCount, conductor)));
    }

    private Thread run(AgentRunner runner) {
        runners.add(runner);
        return AgentRunner.startOnThread(runner);
    }

    /** The conductor, to be stepped or asked by tests. */
    Conductor conductor() {
        return conductor;
    }

    /** Waits until a command ends the process. */
    void await() throws InterruptedException {
        stopped.await();
    }

    /** Lets {@link #await} return. */
    void signal() {
        stopped.countDown();
    }

    /** Ends workers first, then the conductor, which takes rings and rules away. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            runners.forEach(AgentRunner::close);
            if (runners.size() <= workers.size()) {
                conductor.onClose();
            }
            closeQuietly(cnc);
        }
    }
}
