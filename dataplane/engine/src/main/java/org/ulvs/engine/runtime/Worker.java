// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;
import org.ulvs.engine.forward.PacketProcessor;
import org.ulvs.shim.Ring;
import org.ulvs.shim.Shim;
import org.ulvs.wire.FrameBatch;

/**
 * A worker: reads batches from its rings, has them dealt with, sends what comes of it, and lets timers run in between.
 * Owned by its thread; a test may step it by hand.
 */
final class Worker implements Agent {
    /** No CPU is set aside for the worker. */
    static final int ANY_CPU = -1;

    private static final int BATCH_CAPACITY = 64;
    /** Batches of one ring before the next ring has its turn. */
    private static final int BATCHES_PER_TURN = 4;

    private static final long STATISTICS_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long CYCLE_LIMIT_NS = TimeUnit.MILLISECONDS.toNanos(5);

    private final int number;
    private final int cpu;
    private final RingSet ringSet;
    private final PacketProcessor processor;
    private final Announcements announcements;
    private final WorkerCounters counters;
    private final NanoClock clock;
    private final WorkerIdle idle;
    private final FrameBatch batch = new FrameBatch(BATCH_CAPACITY);
    private final WorkerSink sink;
    private final Distance[] distances;
    private @Nullable Ring[] rings;
    private long timerNs;
    private long statisticsNs;

    Worker(
            int number,
            int cpu,
            RingSet ringSet,
            PacketProcessor processor,
            Announcements announcements,
            WorkerCounters counters,
            HoldQueue held,
            WorkerIdle idle,
            NanoClock clock) {
        this.number = number;
        this.cpu = cpu;
        this.ringSet = ringSet;
        this.processor = processor;
        this.announcements = announcements;
        this.counters = counters;
        this.idle = idle;
        this.clock = clock;
        this.rings = ringSet.adopt();
        this.sink = new WorkerSink(rings, held, counters);
        this.timerNs = clock.nanoTime();
        this.distances = new Distance[rings.length];
        Arrays.setAll(distances, port -> new Distance(timerNs));
        this.statisticsNs = timerNs;
        idle.rings(rings);
    }

    /** The CPU that it stays on, or {@link #ANY_CPU}. */
    int cpu() {
        return cpu;
    }

    @Override
    public String roleName() {
        return "worker-" + number;
    }

    @Override
    public void onStart() {
        if (cpu != ANY_CPU) {
            Shim.check(Shim.calls().pin(cpu), "pinning worker " + number + " to CPU " + cpu);
        }
    }

    @Override
    public int doWork() {
        final @Nullable Ring[] current = ringSet.adopt();
        if (current != rings) {
            rings = current;
            sink.rings(current);
            idle.rings(current);
        }
        final long startNs = clock.nanoTime();
        sink.now(startNs);
        int work = 0;
        for (int port = 0; port < current.length; port++) {
            final Ring ring = current[port];
            if (ring != null) {
                work += drain(ring, distances[port], startNs);
            }
        }
        if (startNs - timerNs >= 0) {
            work += timers(startNs);
        }
        if (work > 0) {
            counters.cycle(clock.nanoTime() - startNs, CYCLE_LIMIT_NS);
        }
        return work;
    }

    /** Returns how many frames were read; a ring that is left alone for a moment counts as work, too. */
    private int drain(Ring ring, Distance distance, long nowNs) {
        int total = 0;
        for (int i = 0; i < BATCHES_PER_TURN; i++) {
            if (distance.isKept(ring, clock, nowNs)) {
                return total + 1;
            }
            batch.clear();
            final int count = ring.receive(batch);
            if (count > 0) {
                processor.onBatch(batch, sink, nowNs);
                sink.flush();
                total += count;
            }
            ring.release();
            distance.onRead(count, total, nowNs);
            if (count < BATCH_CAPACITY && !distance.isWanted()) {
                break;
            }
        }
        return total;
    }

    private int timers(long nowNs) {
        int work = processor.onTimer(sink, nowNs);
        timerNs = nowNs + PacketProcessor.timerDelayNs(work);
        work += sink.releaseHeld();
        if (number == 0) {
            work += announcements.send(sink);
        }
        sink.flush();
        if (nowNs - statisticsNs >= 0) {
            statisticsNs = nowNs + STATISTICS_INTERVAL_NS;
            for (final Ring ring : rings) {
                if (ring != null) {
                    ring.pollStatistics();
                }
            }
        }
        counters.publish();
        return work;
    }

    @Override
    public void onClose() {
        counters.publish();
    }
}
