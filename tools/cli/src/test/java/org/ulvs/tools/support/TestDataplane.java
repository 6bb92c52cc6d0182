// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.support;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.SystemEpochClock;
import org.ulvs.cnc.CncFile;
import org.ulvs.cnc.CommandAdapter;
import org.ulvs.cnc.Errno;
import org.ulvs.cnc.HostAdmin;
import org.ulvs.cnc.InetAddr;
import org.ulvs.cnc.InstanceFiles;
import org.ulvs.cnc.ServerRecords;
import org.ulvs.cnc.TableImageWriter;
import org.ulvs.engine.table.Director;
import org.ulvs.engine.table.DirectorAdmin;

/** A conductor with the real table and files, and no workers. */
public final class TestDataplane implements AutoCloseable {
    private static final int SLOTS = 16 * 1024;

    private final Path directory;
    private final ServerRecords records;
    private final CncFile cnc;
    private final Thread conductor;
    private volatile boolean running = true;

    /** Starts in a directory. */
    public TestDataplane(Path directory, int connectionCapacity) throws IOException {
        this.directory = directory;
        this.cnc = CncFile.create(directory, SystemEpochClock.INSTANCE);
        this.records = ServerRecords.create(
                InstanceFiles.mapOrCreate(InstanceFiles.servers(directory), ServerRecords.fileLength(SLOTS, 1)),
                SLOTS,
                1);
        final DirectorAdmin table =
                new DirectorAdmin(new Director(records), connectionCapacity, address -> false, List.of());
        final TableImageWriter images = TableImageWriter.open(directory, SLOTS);
        images.write(table.image());
        final CommandAdapter adapter = new CommandAdapter(cnc, table, new NoHost(), () -> {}, images);
        cnc.running(System.currentTimeMillis());
        conductor = new Thread(
                () -> {
                    while (running) {
                        if (adapter.doWork(System.currentTimeMillis()) == 0) {
                            LockSupport.parkNanos(100_000);
                        }
                    }
                },
                "conductor");
        conductor.start();
    }

    /** Of the instance. */
    public Path directory() {
        return directory;
    }

    /** For the test to write. */
    public ServerRecords records() {
        return records;
    }

    @Override
    public void close() throws IOException {
        running = false;
        boolean interrupted = false;
        while (conductor.isAlive()) {
            try {
                conductor.join();
            } catch (final InterruptedException ex) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        cnc.close();
    }

    private static final class NoHost implements HostAdmin {
        @Override
        public int ownAddress(InetAddr address, String device) {
            return Errno.EOPNOTSUPP;
        }

        @Override
        public int disownAddress(InetAddr address) {
            return Errno.EOPNOTSUPP;
        }

        @Override
        public int announceAddress(InetAddr address) {
            return Errno.EOPNOTSUPP;
        }

        @Override
        public int stop() {
            return Errno.EOPNOTSUPP;
        }
    }
}
