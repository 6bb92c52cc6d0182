// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.bench.pipeline;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ulvs.cnc.ServerSpec;
import org.ulvs.engine.forward.PacketProcessor;

/**
 * Ten million connections: the memory that they take, the time to open them, and what packets of others see while
 * they expire, two million at once, five times; after each, the same loop runs as long while none expires. The worker's
 * duty cycle is played with the machine's clock; what is timed is a cycle, that is, one batch of 64 packets with the
 * timers before it. One pass, in a process of its own, which {@link MemoryMain} starts.
 */
final class MemoryBenchmark {
    static final int CONNECTIONS = 10_000_000;
    /** Connections that have packets all the time. */
    static final int ALIVE = 100_000;

    private static final int ESTABLISHED_SECONDS = 900;
    private static final long SECOND_NS = 1_000_000_000L;
    static final int ROUNDS = 5;
    private static final int PART = CONNECTIONS / ROUNDS;
    /** Between the connections of two rounds. */
    private static final long GAP_NS = 100 * SECOND_NS;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Sequence sequence = new Sequence();
    private final int[] chosen = new int[Traffic.FRAMES];
    private final Rig rig;
    private final long rssBefore;

    private MemoryBenchmark() {
        rssBefore = residentBytes();
        rig = new Rig(new RigSettings(ServerSpec.MASQUERADE, "wlc", 10, 10, 0, CONNECTIONS, ESTABLISHED_SECONDS));
    }

    /** Runs it in this process: {@code FILE}, where the figures go. */
    public static void main(String... words) {
        new MemoryBenchmark().run().write(Path.of(words[0]));
    }

    private static long residentBytes() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                    .sum();
        } catch (final IOException e) {
            throw new IllegalStateException("no /proc", e);
        }
    }

    private MemoryPass run() {
        final long opened = rig.nowNs();
        long fillNs = 0;
        for (int round = 0; round < ROUNDS; round++) {
            rig.timers(opened + round * GAP_NS);
            fillNs += rig.establish(round * PART, (round + 1) * PART);
        }
        final long resident = residentBytes();
        // timers look at each connection once more before it is due, since it was opened with a shorter time
        rig.advance(GAP_NS / SECOND_NS);
        final Recorders undisturbed = new Recorders();
        final Recorders disturbed = new Recorders();
        long expiryNs = 0;
        for (int round = 0; round < ROUNDS; round++) {
            final long due = opened + ESTABLISHED_SECONDS * SECOND_NS + round * GAP_NS;
            refresh(due - GAP_NS / 2);
            rig.timers(due + GAP_NS / 4);
            final long took = play(disturbed, Math.max(CONNECTIONS - (round + 1) * PART, ALIVE), Long.MAX_VALUE);
            expiryNs += took;
            rig.advance(1);
            play(undisturbed, 0, took);
        }
        return new MemoryPass(
                rssBefore,
                resident,
                fillNs,
                expiryNs,
                undisturbed.clock.cycles(),
                undisturbed.cpu.cycles(),
                disturbed.clock.cycles(),
                disturbed.cpu.cycles());
    }

    private void refresh(long now) {
        for (int first = 0; first < ALIVE; first += Traffic.FRAMES) {
            for (int i = 0; i < chosen.length; i++) {
                chosen[i] = CONNECTIONS - 1 - Math.min(first + i, ALIVE - 1);
            }
            rig.fill(PacketKind.HIT, chosen);
            int size;
            do {
                size = rig.batch(now);
            } while (size > 0);
        }
    }

    private void fillAlive() {
        for (int i = 0; i < chosen.length; i++) {
            chosen[i] = CONNECTIONS - 1 - sequence.next(ALIVE);
        }
        rig.fill(PacketKind.HIT, chosen);
    }

    /** A round: duty cycles until so few connections are left, or for so long; returns how long it took. */
    private long play(Recorders recorders, int until, long limitNs) {
        final long base = rig.nowNs();
        final long began = System.nanoTime();
        long timerNs = began;
        fillAlive();
        while (rig.table().count() > until && System.nanoTime() - began < limitNs) {
            final long startCpu = THREADS.getCurrentThreadCpuTime();
            final long start = System.nanoTime();
            if (start - timerNs >= 0) {
                timerNs = start + PacketProcessor.timerDelayNs(rig.timers(base + start - began));
            }
            final int size = rig.batch(base + start - began);
            if (size == 0) {
                fillAlive();
            } else {
                recorders.record(System.nanoTime() - start, THREADS.getCurrentThreadCpuTime() - startCpu);
            }
        }
        recorders.endRound();
        return System.nanoTime() - began;
    }

    /** Cycles by the clock, and by the CPU time that the worker itself used. */
    private static final class Recorders {
        final Cycles.Recorder clock = new Cycles.Recorder();
        final Cycles.Recorder cpu = new Cycles.Recorder();

        void record(long ns, long cpuNs) {
            clock.record(ns);
            cpu.record(cpuNs);
        }

        void endRound() {
            clock.endRound();
            cpu.endRound();
        }
    }
}
