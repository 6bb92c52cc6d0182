// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.ipvsadm;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ulvs.cnc.CncClient;
import org.ulvs.cnc.DataplaneException;
import org.ulvs.cnc.Estimator;
import org.ulvs.cnc.InstanceFiles;
import org.ulvs.cnc.ServerImage;
import org.ulvs.cnc.ServerRecords;
import org.ulvs.cnc.ServiceImage;
import org.ulvs.cnc.ServiceKey;
import org.ulvs.cnc.TableImage;
import org.ulvs.cnc.TableImageReader;

/**
 * The table with its numbers at one moment, read from the mapped files alone.
 *
 * @param image the configuration
 * @param services with numbers, in the order of the list
 */
record LiveTable(TableImage image, List<LiveService> services) {
    private static final int MAX_ATTEMPTS = 100;

    /** Reads until the table did not change under the numbers. */
    static LiveTable read(CncClient client, boolean sorted) {
        client.checkAlive();
        final TableImageReader images = client.tableImages();
        for (int attempt = 0; ; attempt++) {
            final TableImageReader.Snapshot snapshot = images.read();
            final List<LiveService> services = services(client, snapshot.image(), sorted);
            if (images.generation() == snapshot.generation() || attempt == MAX_ATTEMPTS) {
                return new LiveTable(snapshot.image(), services);
            }
        }
    }

    private static List<LiveService> services(CncClient client, TableImage image, boolean sorted) {
        final List<LiveService> services = new ArrayList<>(image.services().size());
        if (image.services().isEmpty()) {
            return services;
        }
        final ServerRecords records;
        try {
            records = ServerRecords.open(InstanceFiles.mapExisting(InstanceFiles.servers(client.directory()), false));
        } catch (final IOException failure) {
            throw new DataplaneException(
                    DataplaneException.Reason.DAMAGED, "cannot map the server records: " + failure.getMessage());
        }
        for (final ServiceImage service : image.services()) {
            services.add(live(service, records, sorted));
        }
        if (sorted) {
            MergeSort.sort(services, LiveTable::compareServices);
        }
        return services;
    }

    private static LiveService live(ServiceImage service, ServerRecords records, boolean sorted) {
        final long[] sums = new long[ServerRecords.FIGURES];
        final List<LiveServer> servers = new ArrayList<>(service.servers().size());
        for (final ServerImage server : service.servers()) {
            final int slot = server.slot();
            final long[] stats = new long[ServerRecords.FIGURES];
            for (int figure = 0; figure < ServerRecords.FIGURES; figure++) {
                final long total = records.total(slot, figure);
                sums[figure] += total;
                stats[figure] = total - records.zeroBase(slot, figure);
            }
            servers.add(new LiveServer(
                    server.spec(),
                    records.activeConnections(slot),
                    records.inactiveConnections(slot),
                    records.persistent(slot),
                    records.isOverloaded(slot),
                    Figures.of(stats),
                    rates(records, slot)));
        }
        for (int figure = 0; figure < ServerRecords.FIGURES; figure++) {
            sums[figure] += records.folded(service.slot(), figure) - records.zeroBase(service.slot(), figure);
        }
        if (sorted) {
            MergeSort.sort(servers, BY_ADDRESS);
        }
        return new LiveService(service.spec(), Figures.of(sums), rates(records, service.slot()), servers);
    }

    private static Figures rates(ServerRecords records, int slot) {
        final long[] rates = new long[ServerRecords.FIGURES];
        for (int figure = 0; figure < ServerRecords.FIGURES; figure++) {
            rates[figure] = Estimator.shown(records.average(slot, figure), figure);
        }
        return Figures.of(rates);
    }

    private static final Comparator<LiveServer> BY_ADDRESS = (a, b) -> {
        final int address = Addresses.compare(a.spec().address(), b.spec().address());
        return address != 0
                ? address
                : Integer.compare(a.spec().port(), b.spec().port());
    };

    private static int compareServices(LiveService first, LiveService second) {
        final ServiceKey a = first.spec().key();
        final ServiceKey b = second.spec().key();
        if (a.mark() != b.mark()) {
            return a.mark() - b.mark();
        }
        if (a.address().family() != b.address().family()) {
            return Integer.compare(a.address().family(), b.address().family());
        }
        if (a.protocol() != b.protocol()) {
            return Integer.compare(a.protocol(), b.protocol());
        }
        final int address = Addresses.compare(a.address(), b.address());
        return address != 0 ? address : Integer.compare(a.port(), b.port());
    }

    @Nullable
    LiveService find(ServiceKey key) {
        for (final LiveService service : services) {
            if (service.spec().key().equals(key)) {
                return service;
            }
        }
        return null;
    }
}
