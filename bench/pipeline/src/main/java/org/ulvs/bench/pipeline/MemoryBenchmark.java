// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.bench.pipeline;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.ulvs.cnc.ServerSpec;
import org.ulvs.engine.connection.ConnectionTable;
import org.ulvs.engine.forward.PacketProcessor;

/**
 * Ten million connections: the memory that they take, the time to open them, and what packets of others see while
 * they expire, two million at once, five times; after each, the same loop runs as long while none expires. The worker's
 * duty cycle is played with the machine's clock; what is timed is a cycle, that is, one batch of 64 packets with the
 * timers before it.
 */
final class MemoryBenchmark {
    private static final int CONNECTIONS = 10_000_000;
    /** Connections that have packets all the time. */
    private static final int ALIVE = 100_000;

    private static final int ESTABLISHED_SECONDS = 900;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int ROUNDS = 5;
    private static final int PART = CONNECTIONS / ROUNDS;
    /** Between the connections of two rounds. */
    private static final long GAP_NS = 100 * SECOND_NS;

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
        final long opened = rig.nowNs();
        long fillNs = 0;
        for (int round = 0; round < ROUNDS; round++) {
            rig.timers(opened + round * GAP_NS);
            fillNs += rig.establish(round * PART, (round + 1) * PART);
        }
        final long resident = residentBytes();
        // timers look at each connection once more before it is due, since it was opened with a shorter time
        rig.advance(GAP_NS / SECOND_NS);
        final Cycles undisturbed = new Cycles();
        final Cycles disturbed = new Cycles();
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
        report(fillNs, resident, undisturbed, disturbed, expiryNs);
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
    private long play(Cycles cycles, int until, long limitNs) {
        final long base = rig.nowNs();
        final long began = System.nanoTime();
        cycles.begin();
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
                cycles.record(System.nanoTime() - start, THREADS.getCurrentThreadCpuTime() - startCpu);
            }
        }
        return System.nanoTime() - began;
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
                        row("to expire, 2 M due at once, while others' packets pass", expiryNs)));
        report.table(
                "A worker's cycle of one batch of 64 packets, with timers, in microseconds",
                List.of("while", "p50", "p99", "p99.9", "p99.99", "longest", "longest of a round, median"),
                List.of(
                        row("nothing expires", undisturbed.all),
                        row("10 M expire", disturbed.all),
                        row("nothing expires, CPU time", undisturbed.own),
                        row("10 M expire, CPU time", disturbed.own)),
                "2 M expire in each of 5 rounds; after each, nothing expires for as long.",
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
                disturbed.own.greatest(),
                1000,
                "CPU time of the cycle, without expiry " + undisturbed.own.greatest()
                        + " µs; by the clock the longest of a round, median of 5: " + disturbed.all.longest()
                        + " µs, of rounds without expiry " + undisturbed.all.longest() + " µs");
        report.write(arguments.out());
        System.out.printf(
                "fill %.1f s, expiry %.1f s, longest cycle %.0f µs (without expiry %.0f µs)%n",
                fillNs / 1e9, expiryNs / 1e9, disturbed.all.longest(), undisturbed.all.longest());
    }

    private static List<Object> row(String what, long ns) {
        return List.of(what, Report.rounded(ns / 1e9), Report.rounded(ns / MILLION / 10));
    }

    private static double mib(double bytes) {
        return Report.rounded(bytes / 1024 / 1024);
    }

    private static List<Object> row(String what, Durations durations) {
        final List<Object> row = new ArrayList<>();
        row.add(what);
        for (final double percentile : new double[] {50, 99, 99.9, 99.99}) {
            row.add(Durations.micros(durations.histogram.getValueAtPercentile(percentile)));
        }
        row.add(durations.greatest());
        row.add(durations.longest());
        return row;
    }

    /** How long cycles took: by the clock, and the CPU time that the worker itself used. */
    private static final class Cycles {
        final Durations all = new Durations();
        final Durations own = new Durations();

        void begin() {
            all.begin();
            own.begin();
        }

        void record(long ns, long cpuNs) {
            all.record(ns);
            own.record(cpuNs);
        }
    }

    /** Durations of all rounds, and the longest of each. */
    private static final class Durations {
        private final Histogram histogram = new Histogram(SECOND_NS * 60, 3);
        private final long[] longest = new long[ROUNDS];
        private int round = -1;

        void begin() {
            round++;
        }

        void record(long ns) {
            histogram.recordValue(ns);
            longest[round] = Math.max(longest[round], ns);
        }

        /** Microseconds: the longest of a round, median of the rounds. */
        double longest() {
            return micros(
                    Arrays.stream(longest).sorted().skip(ROUNDS / 2).findFirst().orElseThrow());
        }

        /** Microseconds: the longest of all. */
        double greatest() {
            return micros(histogram.getMaxValue());
        }

        static double micros(long ns) {
            return Report.rounded(ns / 1000.0);
        }
    }
}
