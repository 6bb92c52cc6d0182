// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.live;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.agrona.concurrent.SystemEpochClock;
import org.jspecify.annotations.Nullable;
import org.ulvs.cnc.CncClient;
import org.ulvs.cnc.CounterValue;
import org.ulvs.cnc.DataplaneException;
import org.ulvs.cnc.InetAddr;
import org.ulvs.cnc.InstanceFiles;
import org.ulvs.cnc.ServerImage;
import org.ulvs.cnc.ServerRecords;
import org.ulvs.cnc.ServerSpec;
import org.ulvs.cnc.ServiceImage;
import org.ulvs.cnc.ServiceKey;
import org.ulvs.cnc.TableImageReader;
import org.ulvs.control.table.IpvsadmText;

/** Reads a dataplane's mapped files; attaches again when it has been restarted. For one thread at a time. */
public final class DataplaneReader {
    private static final int PACKET_SHIFT = 10;
    private static final int BYTE_SHIFT = 5;

    private final Path directory;
    private @Nullable Attached attached;

    /** A reader of the instance in a directory, whether it runs or not. */
    public DataplaneReader(Path directory) {
        this.directory = directory;
    }

    private static final class Attached {
        private final CncClient client;
        private final TableImageReader images;
        private final ServerRecords records;
        private TableImageReader.Snapshot snapshot;

        Attached(CncClient client, TableImageReader images, ServerRecords records) {
            this.client = client;
            this.images = images;
            this.records = records;
            this.snapshot = images.read();
        }
    }

    /**
     * A reading.
     *
     * @param table services and servers
     * @param counters of the dataplane, none without one
     * @param pid of the dataplane, 0 without one
     */
    public record Reading(LiveTable table, List<CounterValue> counters, long pid) {}

    /** Reads everything now. */
    public Reading read() {
        try {
            final Attached now = attach();
            now.client.checkAlive();
            if (now.images.generation() != now.snapshot.generation()) {
                now.snapshot = now.images.read();
            }
            return new Reading(
                    table(now.snapshot, now.records),
                    now.client.cnc().counterValues(),
                    now.client.cnc().pid());
        } catch (DataplaneException | IllegalStateException | IOException e) {
            detach();
            return new Reading(
                    LiveTable.none(Optional.ofNullable(e.getMessage()).orElse("no dataplane")), List.of(), 0);
        }
    }

    private Attached attach() throws IOException {
        Attached now = attached;
        if (now == null) {
            final CncClient client = CncClient.view(directory, SystemEpochClock.INSTANCE);
            now = new Attached(
                    client,
                    client.tableImages(),
                    ServerRecords.open(InstanceFiles.mapExisting(InstanceFiles.servers(directory), false)));
            attached = now;
        }
        return now;
    }

    private void detach() {
        final Attached old = attached;
        attached = null;
        if (old != null) {
            try {
                old.client.close();
            } catch (IOException e) {
                org.slf4j.LoggerFactory.getLogger(DataplaneReader.class).warn("detaching", e);
            }
        }
    }

    private static LiveTable table(TableImageReader.Snapshot snapshot, ServerRecords records) {
        final List<LiveTable.Service> services = new ArrayList<>();
        for (final ServiceImage service : snapshot.image().services()) {
            final List<LiveTable.Server> servers = new ArrayList<>();
            LiveTable.Figures rates = LiveTable.Figures.ZERO;
            LiveTable.Figures totals = folded(records, service.slot());
            for (final ServerImage server : service.servers()) {
                final LiveTable.Server read = server(records, server);
                servers.add(read);
                rates = rates.plus(read.rates());
                totals = totals.plus(read.totals());
            }
            final ServiceKey key = service.spec().key();
            services.add(new LiveTable.Service(
                    protocol(key),
                    key.mark() != 0 ? "" : text(key.address()),
                    key.port(),
                    Integer.toUnsignedLong(key.mark()),
                    service.spec().scheduler(),
                    service.spec().persistentTimeout(),
                    rates,
                    totals,
                    servers));
        }
        return new LiveTable(true, "", services);
    }

    private static LiveTable.Figures folded(ServerRecords records, int slot) {
        return new LiveTable.Figures(
                records.folded(slot, 0),
                records.folded(slot, 1),
                records.folded(slot, 2),
                records.folded(slot, 3),
                records.folded(slot, 4));
    }

    private static LiveTable.Server server(ServerRecords records, ServerImage server) {
        final int slot = server.slot();
        final ServerSpec spec = server.spec();
        return new LiveTable.Server(
                text(spec.address()),
                spec.port(),
                switch (spec.method()) {
                    case ServerSpec.DIRECT -> "Route";
                    case ServerSpec.TUNNEL -> "Tunnel";
                    case ServerSpec.LOCAL -> "Local";
                    default -> "Masq";
                },
                spec.weight(),
                records.activeConnections(slot),
                records.inactiveConnections(slot),
                new LiveTable.Figures(
                        records.average(slot, 0) >> PACKET_SHIFT,
                        records.average(slot, 1) >> PACKET_SHIFT,
                        records.average(slot, 2) >> PACKET_SHIFT,
                        records.average(slot, 3) >> BYTE_SHIFT,
                        records.average(slot, 4) >> BYTE_SHIFT),
                new LiveTable.Figures(
                        total(records, slot, 0),
                        total(records, slot, 1),
                        total(records, slot, 2),
                        total(records, slot, 3),
                        total(records, slot, 4)));
    }

    private static long total(ServerRecords records, int slot, int figure) {
        return records.total(slot, figure) - records.zeroBase(slot, figure);
    }

    private static String protocol(ServiceKey key) {
        if (key.mark() != 0) {
            return "FWM";
        }
        return switch (key.protocol()) {
            case 17 -> "UDP";
            case 132 -> "SCTP";
            default -> "TCP";
        };
    }

    private static String text(InetAddr address) {
        return IpvsadmText.address(address);
    }
}
