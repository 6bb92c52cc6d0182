// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.agrona.concurrent.status.AtomicCounter;
import org.jspecify.annotations.Nullable;
import org.ulvs.cnc.CncFile;
import org.ulvs.cnc.CommandAdapter;
import org.ulvs.cnc.ConnectionLayout;
import org.ulvs.cnc.Counters;
import org.ulvs.cnc.Estimator;
import org.ulvs.cnc.InstanceFiles;
import org.ulvs.cnc.OwnedAddress;
import org.ulvs.cnc.ProcFiles;
import org.ulvs.cnc.ServerRecords;
import org.ulvs.cnc.ServerSpec;
import org.ulvs.cnc.StandardCounter;
import org.ulvs.cnc.TableImageWriter;
import org.ulvs.engine.connection.Adoption;
import org.ulvs.engine.connection.ConnectionTable;
import org.ulvs.engine.connection.Templates;
import org.ulvs.engine.forward.ArpHandler;
import org.ulvs.engine.forward.Forwarder;
import org.ulvs.engine.forward.ForwarderContext;
import org.ulvs.engine.forward.NextHops;
import org.ulvs.engine.forward.OwnedAddresses;
import org.ulvs.engine.forward.PacketCounters;
import org.ulvs.engine.forward.PacketProcessor;
import org.ulvs.engine.table.Director;
import org.ulvs.engine.table.DirectorAdmin;
import org.ulvs.engine.table.RealServer;
import org.ulvs.engine.table.VirtualService;
import org.ulvs.rules.SourceNat;

/**
 * A director: its table and connections in the files of the instance, one {@link Forwarder} a worker. The file after
 * the last worker's holds the persistence templates, which all workers share. Conductor only, but for what it makes.
 */
final class DirectorForwarding implements Forwarding, TableFacts {
    private static final int ERRORS_PER_SECOND = 1000;
    private static final int RESETS_PER_SECOND = 1000;
    private static final int LEAST_TEMPLATES = 1024;
    private static final int TEMPLATE_SHARE = 8;
    /** A rule of source NAT with a source that is not negated. */
    private static final Pattern TRANSLATION =
            Pattern.compile("-A POSTROUTING (?:.* )?(?<!! )-s ([0-9.]+)/([0-9]+) .*-j (?:SNAT|MASQUERADE)\\b.*");

    private static final long HOUSEKEEPING_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long ESTIMATION_NS = TimeUnit.MILLISECONDS.toNanos(Estimator.PERIOD_MS);

    private final DataplaneContext context;
    private final Director director;
    private final Templates templates;
    private final int share;
    private final long seed;
    private final List<Forwarder> forwarders = new ArrayList<>();
    private @Nullable EarlierInstance earlier;
    private @Nullable DirectorAdmin admin;
    private @Nullable CommandAdapter commands;
    private long housekeepingNs;
    private @Nullable Estimator estimator;
    private @Nullable ProcFiles procFiles;
    private long estimationNs;
    private @Nullable AtomicCounter forgotten;

    /**
     * Makes the files of the instance anew and keeps in mind what an earlier process left in them.
     *
     * @throws UncheckedIOException if a file cannot be made
     */
    DirectorForwarding(DataplaneContext context) {
        this.context = context;
        final Path directory = context.directory();
        final long nowNs = context.nanoClock().nanoTime();
        seed = (context.epochClock().time() * 0x9e37_79b9_7f4a_7c15L) ^ nowNs;
        share = (context.connections() + context.workers() - 1) / context.workers();
        try {
            earlier = EarlierInstance.take(directory);
            final Path file = InstanceFiles.servers(directory);
            director = new Director(ServerRecords.create(
                    InstanceFiles.mapOrCreateReadable(
                            file, ServerRecords.fileLength(context.slots(), context.workers())),
                    context.slots(),
                    context.workers()));
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        templates = new Templates(
                connectionTable(context.workers(), Math.max(LEAST_TEMPLATES, context.connections() / TEMPLATE_SHARE)),
                director.records(),
                director.slots(),
                (int) (nowNs / ConnectionLayout.TICK_NS));
    }

    private ConnectionTable connectionTable(int number, int capacity) {
        final Path file = InstanceFiles.connections(context.directory(), number);
        try {
            return ConnectionFiles.create(file, capacity, seed);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public PacketProcessor processor(
            int worker, CncFile cnc, NextHops nextHops, OwnedAddresses owned, ArpHandler arp, long nowNs) {
        final Forwarder forwarder = new Forwarder(new ForwarderContext(
                worker,
                director,
                connectionTable(worker, share),
                templates,
                nextHops,
                owned,
                arp,
                new PacketCounters(cnc.counters(), worker),
                ERRORS_PER_SECOND,
                RESETS_PER_SECOND,
                context.epochClock(),
                (int) (seed >>> Integer.SIZE),
                nowNs));
        forwarders.add(forwarder);
        return forwarder;
    }

    @Override
    public void start(CncFile cnc, Conductor conductor) {
        final List<String> ports = context.ports().stream().map(Port::name).toList();
        final DirectorAdmin directorAdmin =
                new DirectorAdmin(director, context.connections(), conductor::isHostAddress, ports);
        admin = directorAdmin;
        forgotten = cnc.counters().allocate(StandardCounter.CHOICES_FORGOTTEN, Counters.CONDUCTOR);
        try {
            final TableImageWriter images = TableImageWriter.open(context.directory(), context.slots());
            commands = new CommandAdapter(cnc, directorAdmin, conductor, conductor::onCommands, images);
            if (earlier != null) {
                goOn(earlier, directorAdmin, conductor);
                earlier = null;
            }
            commands.publish();
            estimator = new Estimator(director.records());
            procFiles = new ProcFiles(context.directory(), director.records(), estimator);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The table, then what it counted, then its connections. */
    private void goOn(EarlierInstance instance, DirectorAdmin directorAdmin, Conductor conductor) {
        instance.copyRecords(director.records());
        directorAdmin.adopt(instance.image());
        instance.image().addresses().forEach(conductor::resume);
        instance.handOver(new Adoption(
                forwarders.stream().map(Forwarder::connections).toList(),
                templates,
                client -> Steering.worker(client, forwarders.size()),
                (int) (context.nanoClock().nanoTime() / ConnectionLayout.TICK_NS)));
    }

    @Override
    public int doWork(long nowNs, long nowMs) {
        if (admin == null || commands == null) {
            return 0;
        }
        final int work = commands.doWork(nowMs);
        if (nowNs - housekeepingNs >= HOUSEKEEPING_NS) {
            housekeepingNs = nowNs;
            admin.editor().tick(nowNs);
            if (forgotten != null) {
                forgotten.setRelease(admin.editor().choicesForgotten());
            }
        }
        if (estimator != null && nowNs - estimationNs >= ESTIMATION_NS) {
            estimationNs = nowNs;
            estimator.tick(admin.image());
        }
        if (procFiles != null) {
            try {
                procFiles.doWork(admin::image, nowMs, nowNs);
            } catch (final IOException e) {
                commands.record(e);
            }
        }
        return work;
    }

    @Override
    public void onOwnedAddresses(List<OwnedAddress> addresses) {
        if (admin != null && commands != null) {
            admin.addresses(addresses);
            commands.onChange();
        }
    }

    @Override
    public TableFacts facts() {
        return this;
    }

    @Override
    public List<Endpoint> services() {
        return director.services().services().stream()
                .map(VirtualService::key)
                .filter(key -> key.mark() == 0 && key.address().family() == 4)
                .map(key -> new Endpoint(key.protocol(), key.address().asV4(), key.port()))
                .toList();
    }

    private Stream<RealServer> servers() {
        return director.services().services().stream()
                .map(VirtualService::config)
                .flatMap(config -> config.servers().stream())
                .filter(server -> server.spec().address().family() == 4);
    }

    @Override
    public int[] serverAddresses() {
        return servers().mapToInt(RealServer::address).distinct().sorted().toArray();
    }

    @Override
    public List<Steering.Prefix> insidePrefixes() {
        final IntStream masqueraded = servers()
                .filter(server -> server.spec().method() == ServerSpec.MASQUERADE)
                .mapToInt(RealServer::address);
        final List<Steering.Prefix> prefixes = new ArrayList<>();
        masqueraded.distinct().sorted().forEach(address -> prefixes.add(Steering.Prefix.host(address)));
        if (admin != null) {
            prefixes.addAll(translatedSources(admin.image().rules()));
        }
        return prefixes;
    }

    @Override
    public List<SourceNat> sourceNats() {
        return director.classifier().sourceNats();
    }

    /** Sources that rules of source NAT name, read from the text that iptables-save would print. */
    static List<Steering.Prefix> translatedSources(String rules) {
        return rules.lines()
                .map(TRANSLATION::matcher)
                .filter(Matcher::matches)
                .map(match -> new Steering.Prefix(Addresses.parse(match.group(1)), Integer.parseInt(match.group(2))))
                .distinct()
                .toList();
    }
}
