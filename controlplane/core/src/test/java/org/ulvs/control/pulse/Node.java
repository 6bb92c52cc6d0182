// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.pulse;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.SystemNanoClock;
import org.ulvs.control.journal.RecordedJournal;
import org.ulvs.control.lvscf.Ipv4;
import org.ulvs.control.lvscf.Names;
import tools.jackson.databind.json.JsonMapper;

/** One of two directors on loopback addresses in this process. */
final class Node implements AutoCloseable {
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);

    final Path directory;
    final Path file;
    final Pulse pulse;
    final FakeWorkload work;
    final List<String> journal = new CopyOnWriteArrayList<>();
    private final Thread thread;

    Node(Path directory, String configuration, Set<InetAddress> own) throws IOException {
        this.directory = directory;
        this.file = directory.resolve("lvs.cf");
        final PulseOptions options = new PulseOptions(file, directory, false, false);
        Files.createDirectories(options.stateDirectory());
        if (!Files.exists(file)) {
            Files.writeString(file, configuration);
        }
        final AtomicReference<FakeWorkload> made = new AtomicReference<>();
        this.pulse = new Pulse(
                options,
                new PulseEnvironment(SystemNanoClock.INSTANCE, SystemEpochClock.INSTANCE, own::contains),
                Names.of(Map.of()),
                new RecordedJournal(journal),
                (ignored, events) -> {
                    final FakeWorkload workload = new FakeWorkload(events);
                    made.set(workload);
                    return workload;
                });
        this.work = java.util.Objects.requireNonNull(made.get());
        this.thread = new Thread(this::run, "node " + directory.getFileName());
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            pulse.run();
        } catch (IOException | RuntimeException e) {
            // the test has pulled the plug
            pulse.close();
        }
    }

    static Set<InetAddress> addresses(String... quads) {
        final Set<InetAddress> addresses = new java.util.HashSet<>();
        for (final String quad : quads) {
            addresses.add(Ipv4.parse(quad));
        }
        return addresses;
    }

    PulseStatus status() {
        return JsonMapper.builder().build().readValue(pulse.request("status"), PulseStatus.class);
    }

    String state() {
        return status().state();
    }

    long count(String counter) {
        return status().counters().getOrDefault(counter, 0L);
    }

    /** Waits for something that will come. */
    static void await(String what, BooleanSupplier condition) {
        final long endNs = System.nanoTime() + PATIENCE_NS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > endNs) {
                throw new AssertionError("never happened: " + what);
            }
            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
        }
    }

    void stopInOrder() throws InterruptedException {
        pulse.stop();
        thread.join();
        pulse.close();
    }

    /** As kill -9 would: no goodbye. */
    void pullThePlug() throws InterruptedException {
        pulse.close();
        thread.join();
    }

    @Override
    public void close() {
        pulse.close();
    }
}
