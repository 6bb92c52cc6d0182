// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.live;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.ulvs.cnc.CounterValue;

/** Reads the dataplane once a second and tells whoever wants to know. */
public final class Monitor implements AutoCloseable {
    private final DataplaneReader reader;
    private final History history = new History();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        final Thread thread = new Thread(task, "web-monitor");
        thread.setDaemon(true);
        return thread;
    });
    private @Nullable ScheduledFuture<?> reading;
    private volatile DataplaneReader.Reading last =
            new DataplaneReader.Reading(LiveTable.none("not read yet"), List.of(), 0);

    /** A monitor that has not read anything yet. */
    public Monitor(DataplaneReader reader) {
        this.reader = reader;
    }

    /** Begins to read each second. */
    public void start(Runnable afterwards) {
        reading = timer.scheduleWithFixedDelay(
                () -> {
                    try {
                        tick();
                        afterwards.run();
                    } catch (RuntimeException e) {
                        org.slf4j.LoggerFactory.getLogger(Monitor.class).warn("reading the dataplane", e);
                    }
                },
                0,
                1,
                TimeUnit.SECONDS);
    }

    /** Reads once; also done each second once it has been started. */
    public synchronized void tick() {
        final DataplaneReader.Reading now = reader.read();
        history.onTable(now.table());
        last = now;
    }

    /** The table as it was read last, at most a second ago. */
    public LiveTable table() {
        return last.table();
    }

    /** The dataplane's counters as they were read last. */
    public List<CounterValue> counters() {
        return last.counters();
    }

    /** Processor seconds of the dataplane's threads: by worker, and the conductor's. */
    public Map<String, Double> processorSeconds() {
        final long pid = last.pid();
        return pid == 0 ? Map.of() : ThreadTimes.of(pid);
    }

    /** The last five minutes. */
    public History history() {
        return history;
    }

    @Override
    public void close() {
        final ScheduledFuture<?> started = reading;
        if (started != null) {
            started.cancel(false);
        }
        timer.shutdown();
        try {
            // what it reads is closed next
            if (!timer.awaitTermination(5, TimeUnit.SECONDS)) {
                timer.shutdownNow();
            }
        } catch (InterruptedException e) {
            timer.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
