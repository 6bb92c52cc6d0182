// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.bench.pipeline;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.ulvs.cnc.ServerSpec;
import org.ulvs.engine.connection.ConnectionTable;
import org.ulvs.engine.forward.PacketProcessor;

/**
 * Ten million connections: the memory that they take, the time to open them, and what packets of others see while
 * they expire all at once. The worker's duty cycle is played with the machine's clock; what is timed is a cycle, that
 * is, one batch of 64 packets with the timers before it.
 */
final class MemoryBenchmark {
    private static final int CONNECTIONS = 10_000_000;
    /** Connections that have packets all the time. */
    private static final int ALIVE = 100_000;

    private static final int ESTABLISHED_SECONDS = 900;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long BASELINE_NS = 10 * SECOND_NS;
    private static final double MILLION = 1e6;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Arguments arguments;
    private final Sequence sequence = new Sequence();
    private final int[] chosen = new int[Traffic.FRAMES];
    private final Rig rig;
    private final long rssBefore;

    private MemoryBenchmark(Arguments arguments) {
        this.arguments = arguments;
        rssBefore = residentBytes();
        rig = new Rig(new RigSettings(ServerSpec.MASQUERADE, "wlc", 10, 10, 0, CONNECTIONS, ESTABLISHED_SECONDS));
    }

    /** Runs it in this process. */
    public static void main(String... words) {
        new MemoryBenchmark(Arguments.parse(words)).run();
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

    private void run() {
        final long fillNs = rig.establish(CONNECTIONS);
        final long resident = residentBytes();
        final Cycles undisturbed = new Cycles();
        play(undisturbed, Long.MAX_VALUE);
        // all but those alive are due at once
        final long half = rig.nowNs() + ESTABLISHED_SECONDS / 2 * SECOND_NS;
        refresh(half);
        rig.timers(rig.nowNs() + (ESTABLISHED_SECONDS / 2 + 30) * SECOND_NS);
        final Cycles disturbed = new Cycles();
        final long began = System.nanoTime();
        play(disturbed, ALIVE);
        report(fillNs, resident, undisturbed, disturbed, System.nanoTime() - began);
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

    /** Duty cycles until so few connections are left, or for a while. */
    private void play(Cycles cycles, long until) {
        final long base = rig.nowNs();
        final long began = System.nanoTime();
        long timerNs = began;
        fillAlive();
        while (until == Long.MAX_VALUE
                ? System.nanoTime() - began < BASELINE_NS
                : rig.table().count() > until) {
            final long startCpu = THREADS.getCurrentThreadCpuTime();
            final long start = System.nanoTime();
            if (start - timerNs >= 0) {
                timerNs = start + PacketProcessor.timerDelayNs(rig.timers(base + start - began));
            }
            final int size = rig.batch(base + start - began);
            if (size == 0) {
                fillAlive();
            } else {
                cycles.all.recordValue(System.nanoTime() - start);
                cycles.own.recordValue(THREADS.getCurrentThreadCpuTime() - startCpu);
            }
        }
    }

    private void report(long fillNs, long resident, Cycles undisturbed, Cycles disturbed, long expiryNs) {
        final Report report = new Report("memory");
        report.setting("connections", Integer.toString(CONNECTIONS));
        report.setting("kept alive during expiry", Integer.toString(ALIVE));
        report.setting("JVM", String.join(" ", Arguments.dataplaneFlags()) + ", Java " + Runtime.version());
        final double lines = ConnectionTable.fileLength(CONNECTIONS);
        final double index = ConnectionTable.indexLength(CONNECTIONS);
        final double each = (lines + index) / CONNECTIONS;
        report.table(
                "Memory",
                List.of("what", "MiB", "bytes a connection"),
                List.of(
                        List.of("lines, with sequence adjustments", mib(lines), Report.rounded(lines / CONNECTIONS)),
                        List.of("index", mib(index), Report.rounded(index / CONNECTIONS)),
                        List.of("both", mib(lines + index), Report.rounded(each)),
                        List.of("process, resident, before", mib((double) rssBefore), ""),
                        List.of("process, resident, full", mib((double) resident), "")),
                "Resident: heap, code and libraries of the JVM included.");
        report.table(
                "Ten million connections come and go",
                List.of("what", "seconds", "ns a connection"),
                List.of(
                        row("to open (SYN and ACK of each)", fillNs),
                        row("to expire, all due at once, while others' packets pass", expiryNs)));
        report.table(
                "A worker's cycle of one batch of 64 packets, with timers, in microseconds",
                List.of("while", "p50", "p99", "p99.9", "p99.99", "longest"),
                List.of(
                        cycles("nothing expires", undisturbed.all),
                        cycles("10 M expire", disturbed.all),
                        cycles("nothing expires, CPU time", undisturbed.own),
                        cycles("10 M expire, CPU time", disturbed.own)),
                "By the clock, a cycle includes what other threads and the host take away from the worker.",
                "Its CPU time is what it makes packets wait itself.");
        report.target(
                "Bytes of a connection's line",
                "B",
                (double) (ConnectionTable.line(1) - ConnectionTable.line(0)),
                64,
                "");
        report.target("Bytes of a connection with everything", "B", each, 80, "");
        report.target(
                "10 M connections: memory of the process",
                "MiB",
                resident / 1024.0 / 1024.0,
                1024,
                "heap and code included");
        report.target(
                "Longest pause that packets see while 10 M connections expire",
                "µs",
                disturbed.own.getMaxValue() / 1000.0,
                1000,
                "CPU time of the cycle; by the clock " + disturbed.all.getMaxValue() / 1000 + " µs, without expiry "
                        + undisturbed.all.getMaxValue() / 1000 + " µs");
        report.write(arguments.out());
        System.out.printf(
                "fill %.1f s, expiry %.1f s, longest cycle %d µs (without expiry %d µs)%n",
                fillNs / 1e9, expiryNs / 1e9, disturbed.all.getMaxValue() / 1000, undisturbed.all.getMaxValue() / 1000);
    }

    private static List<Object> row(String what, long ns) {
        return List.of(what, Report.rounded(ns / 1e9), Report.rounded(ns / MILLION / 10));
    }

    private static double mib(double bytes) {
        return Report.rounded(bytes / 1024 / 1024);
    }

    /** How long cycles took: by the clock, and the CPU time that the worker itself used. */
    private static final class Cycles {
        final Histogram all = new Histogram(SECOND_NS * 60, 3);
        final Histogram own = new Histogram(SECOND_NS * 60, 3);
    }

    private static List<Object> cycles(String what, Histogram histogram) {
        return List.of(
                what,
                Report.rounded(histogram.getValueAtPercentile(50) / 1000.0),
                Report.rounded(histogram.getValueAtPercentile(99) / 1000.0),
                Report.rounded(histogram.getValueAtPercentile(99.9) / 1000.0),
                Report.rounded(histogram.getValueAtPercentile(99.99) / 1000.0),
                Report.rounded(histogram.getMaxValue() / 1000.0));
    }
}
