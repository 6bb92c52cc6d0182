// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.SystemEpochClock;
import org.ulvs.cnc.CncFile;
import org.ulvs.cnc.InetAddr;
import org.ulvs.cnc.InstanceFiles;
import org.ulvs.cnc.ServerImage;
import org.ulvs.cnc.ServerRecords;
import org.ulvs.cnc.ServerSpec;
import org.ulvs.cnc.ServiceImage;
import org.ulvs.cnc.ServiceKey;
import org.ulvs.cnc.ServiceSpec;
import org.ulvs.cnc.StandardCounter;
import org.ulvs.cnc.TableImage;
import org.ulvs.cnc.TableImageWriter;

/** The mapped files of a dataplane that forwards nothing; its figures are what a test writes. */
final class FakeDataplane implements AutoCloseable {
    private static final int SLOTS = 4096;

    private final CncFile cnc;
    private final TableImageWriter table;
    private final ServerRecords records;

    FakeDataplane(Path directory) throws IOException {
        Files.createDirectories(directory);
        cnc = CncFile.create(directory, SystemEpochClock.INSTANCE);
        table = TableImageWriter.open(directory, SLOTS);
        records = ServerRecords.create(
                InstanceFiles.mapOrCreate(InstanceFiles.servers(directory), ServerRecords.fileLength(SLOTS, 1)),
                SLOTS,
                1);
        for (final StandardCounter counter : StandardCounter.values()) {
            cnc.counters().allocate(counter, 0).setRelease(counter == StandardCounter.FRAMES_RECEIVED ? 4711 : 0);
        }
        cnc.counters().allocateDrop(3, "no service", 0).setRelease(12);
        // its heart cannot stop, however slow the machine is that a test runs on
        cnc.running(System.currentTimeMillis() + TimeUnit.DAYS.toMillis(1));
    }

    /**
     * A table of one service with servers at 10.11.x.y.
     *
     * @param weights of the servers, as many as there are to be
     */
    void table(int vip, int port, int... weights) {
        final List<ServerImage> servers = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            final int address = 0x0a0b_0c00 + 1 + i;
            servers.add(new ServerImage(
                    ServerSpec.of(InetAddr.v4(address), port, ServerSpec.MASQUERADE, weights[i]), i + 1));
        }
        final ServiceSpec spec = new ServiceSpec(new ServiceKey(6, InetAddr.v4(vip), port, 0), "wlc", 0, 0, -1);
        table.write(new TableImage(
                1024,
                1,
                900,
                120,
                300,
                List.of(new ServiceImage(spec, 0, servers)),
                List.of(),
                Map.of(),
                "",
                List.of(),
                List.of()));
    }

    /** Figures of the nth server, from 1: bytes a second to clients; an eighth of them comes from clients. */
    void figures(int server, int active, int inactive, long bytesPerSecond) {
        final long counts = (long) active << 40 | (long) inactive << 16;
        records.compareAndSetCounts(server, records.counts(server), counts);
        records.average(server, 0, ((long) active / 4) << 10);
        records.average(server, 1, (bytesPerSecond / 900) << 10);
        records.average(server, 2, (bytesPerSecond / 700) << 10);
        records.average(server, 3, (bytesPerSecond / 8) << 5);
        records.average(server, 4, bytesPerSecond << 5);
    }

    @Override
    public void close() throws IOException {
        cnc.close();
    }
}
