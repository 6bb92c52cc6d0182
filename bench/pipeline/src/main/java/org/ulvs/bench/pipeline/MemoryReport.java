// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.bench.pipeline;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.HdrHistogram.Histogram;
import org.ulvs.engine.connection.ConnectionTable;

/** What the passes of {@code memory} tell: tables and targets. */
final class MemoryReport {
    private static final double MEBIBYTE = 1024 * 1024;
    private static final double[] PERCENTILES = {50, 99, 99.9, 99.99};

    private final List<MemoryPass> passes;
    private final Report report = new Report("memory");

    MemoryReport(List<MemoryPass> passes) {
        this.passes = passes;
    }

    void write(Path directory) {
        report.setting("connections", Integer.toString(MemoryBenchmark.CONNECTIONS));
        report.setting("kept alive during expiry", Integer.toString(MemoryBenchmark.ALIVE));
        report.setting("processes", passes.size() + ", one after the other, each of which does the same");
        report.setting("JVM", String.join(" ", Arguments.dataplaneFlags()) + ", Java " + Runtime.version());
        memory();
        times();
        pauses();
        report.write(directory);
    }

    private void memory() {
        final double lines = ConnectionTable.fileLength(MemoryBenchmark.CONNECTIONS);
        final double both = lines + ConnectionTable.indexLength(MemoryBenchmark.CONNECTIONS);
        final double resident = greatest(MemoryPass::resident);
        report.table(
                "Memory",
                List.of("what", "MiB", "bytes a connection"),
                List.of(
                        row("lines, with sequence adjustments", lines),
                        row("index", both - lines),
                        row("both", both),
                        List.of("process, resident, before", mebibytes(greatest(MemoryPass::residentBefore)), ""),
                        List.of("process, resident, full", mebibytes(resident), "")),
                "Resident: heap, code and libraries of the JVM included.");
        report.target(
                "Bytes of a connection's line",
                "B",
                (double) (ConnectionTable.line(1) - ConnectionTable.line(0)),
                64,
                "");
        report.target("Bytes of a connection with everything", "B", both / MemoryBenchmark.CONNECTIONS, 80, "");
        report.target(
                "10 M connections: memory of the process", "MiB", resident / MEBIBYTE, 1024, "heap and code included");
    }

    private void times() {
        report.table(
                "Ten million connections come and go",
                List.of("what", "seconds", "ns a connection"),
                List.of(
                        timeRow("to open (SYN and ACK of each)", MemoryPass::fillNs),
                        timeRow("to expire, 2 M due at once, while others' packets pass", MemoryPass::expiryNs)),
                "Medians of the processes.");
    }

    private void pauses() {
        report.table(
                "A worker's cycle of one batch of 64 packets, with timers, in microseconds",
                List.of("while", "p50", "p99", "p99.9", "p99.99", "longest", "longest that comes again"),
                List.of(
                        cyclesRow("nothing expires", MemoryPass::undisturbed),
                        cyclesRow("10 M expire", MemoryPass::disturbed),
                        cyclesRow("nothing expires, CPU time", MemoryPass::undisturbedCpu),
                        cyclesRow("10 M expire, CPU time", MemoryPass::disturbedCpu)),
                "2 M expire in each of " + MemoryBenchmark.ROUNDS + " rounds; after each, nothing expires for as long.",
                "Comes again: of a round's longest the least of all processes, which do the same work in the same"
                        + " order; the most of the rounds.",
                "By the clock, a cycle includes what other threads and the host take away from the worker.",
                "Its CPU time is what it makes packets wait itself, and what the host hides from this machine.");
        report.target(
                "Longest pause that packets see while 10 M connections expire",
                "µs",
                longestThatComesAgain(MemoryPass::disturbedCpu),
                1000,
                "CPU time of a cycle that comes again in each process (" + passes.size() + "), without expiry "
                        + longestThatComesAgain(MemoryPass::undisturbedCpu) + " µs; by the clock "
                        + longestThatComesAgain(MemoryPass::disturbed) + " µs, without expiry "
                        + longestThatComesAgain(MemoryPass::undisturbed) + " µs");
    }

    private double greatest(ToLongFunction<MemoryPass> figure) {
        return passes.stream().mapToLong(figure).max().orElseThrow();
    }

    private double median(ToLongFunction<MemoryPass> figure) {
        return passes.stream()
                .mapToLong(figure)
                .sorted()
                .skip(passes.size() / 2)
                .findFirst()
                .orElseThrow();
    }

    private List<Cycles> each(Function<MemoryPass, Cycles> kind) {
        return passes.stream().map(kind).toList();
    }

    private double longestThatComesAgain(Function<MemoryPass, Cycles> kind) {
        return micros(Cycles.longestThatComesAgain(each(kind)));
    }

    private List<Object> cyclesRow(String what, Function<MemoryPass, Cycles> kind) {
        final Histogram histogram = Cycles.sum(each(kind));
        final List<Object> row = new ArrayList<>();
        row.add(what);
        for (final double percentile : PERCENTILES) {
            row.add(micros(histogram.getValueAtPercentile(percentile)));
        }
        row.add(micros(histogram.getMaxValue()));
        row.add(longestThatComesAgain(kind));
        return row;
    }

    private List<Object> timeRow(String what, ToLongFunction<MemoryPass> figure) {
        final double ns = median(figure);
        return List.of(what, Report.rounded(ns / 1e9), Report.rounded(ns / MemoryBenchmark.CONNECTIONS));
    }

    private static List<Object> row(String what, double bytes) {
        return List.of(what, mebibytes(bytes), Report.rounded(bytes / MemoryBenchmark.CONNECTIONS));
    }

    private static double mebibytes(double bytes) {
        return Report.rounded(bytes / MEBIBYTE);
    }

    private static double micros(long ns) {
        return Report.rounded(ns / 1000.0);
    }
}
