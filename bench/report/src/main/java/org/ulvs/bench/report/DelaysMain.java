// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.bench.report;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
import org.HdrHistogram.HistogramLogWriter;

/**
 * {@code FOLDER}: reads the delays that benchmarks kept there, files NAME.ROUND.delays of unsigned 32-bit nanoseconds
 * in native byte order. Prints a line for each NAME: p50, p90, p99, p99.9 and the greatest in microseconds, each the
 * median of the rounds, then the distribution of all rounds as points X,Y: one of X takes longer than Y. Writes all
 * rounds' histograms to delays.hlog, which HdrHistogram's tools read, and removes the files.
 */
public final class DelaysMain {
    private static final String SUFFIX = ".delays";
    private static final int DIGITS = 3;
    private static final long MOST_NS = 1L << Integer.SIZE;
    private static final double MICROSECOND = 1000;
    private static final int STEPS_A_HALVING = 2;

    private DelaysMain() {}

    /** Reads, prints and writes. */
    public static void main(String[] args) throws IOException {
        run(Path.of(args[0]), new PrintStream(System.out, true, StandardCharsets.UTF_8));
    }

    static void run(Path folder, PrintStream out) throws IOException {
        final Map<String, List<Histogram>> rounds = new TreeMap<>();
        final List<Path> files;
        try (Stream<Path> list = Files.list(folder)) {
            files = list.filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
        }
        for (final Path file : files) {
            final String name = file.getFileName().toString().replace(SUFFIX, "");
            final Histogram histogram = read(file);
            histogram.setTag(name);
            rounds.computeIfAbsent(name.substring(0, name.lastIndexOf('.')), key -> new ArrayList<>())
                    .add(histogram);
        }
        write(folder.resolve("delays.hlog"), rounds);
        rounds.forEach((name, histograms) -> out.println(name + percentiles(histograms) + points(histograms)));
        for (final Path file : files) {
            Files.delete(file);
        }
    }

    private static Histogram read(Path file) throws IOException {
        final Histogram histogram = new Histogram(MOST_NS, DIGITS);
        try (FileChannel channel = FileChannel.open(file)) {
            final IntBuffer delays = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size())
                    .order(ByteOrder.nativeOrder())
                    .asIntBuffer();
            while (delays.hasRemaining()) {
                histogram.recordValue(Integer.toUnsignedLong(delays.get()));
            }
        }
        return histogram;
    }

    private static void write(Path file, Map<String, List<Histogram>> rounds) throws IOException {
        try (PrintStream stream = new PrintStream(file.toFile(), StandardCharsets.UTF_8)) {
            final HistogramLogWriter log = new HistogramLogWriter(stream);
            log.outputLogFormatVersion();
            log.outputLegend();
            rounds.values().forEach(ofName -> ofName.forEach(log::outputIntervalHistogram));
        }
    }

    private static String percentiles(List<Histogram> rounds) {
        return number(rounds, histogram -> histogram.getValueAtPercentile(50))
                + number(rounds, histogram -> histogram.getValueAtPercentile(90))
                + number(rounds, histogram -> histogram.getValueAtPercentile(99))
                + number(rounds, histogram -> histogram.getValueAtPercentile(99.9))
                + number(rounds, Histogram::getMaxValue);
    }

    /** The median of the rounds. */
    private static String number(List<Histogram> rounds, ToLongFunction<Histogram> value) {
        final long[] sorted = rounds.stream().mapToLong(value).sorted().toArray();
        final int middle = sorted.length / 2;
        final double median = (sorted[middle] + sorted[sorted.length - 1 - middle]) / 2.0;
        return String.format(Locale.ROOT, " %.2f", median / MICROSECOND);
    }

    private static String points(List<Histogram> rounds) {
        final Histogram all = new Histogram(MOST_NS, DIGITS);
        rounds.forEach(all::add);
        final StringBuilder points = new StringBuilder();
        for (final HistogramIterationValue value : all.percentiles(STEPS_A_HALVING)) {
            final double above = 1 - value.getPercentileLevelIteratedTo() / 100;
            // the last step stands for all that there is, and has no place on a logarithmic axis
            if (above > 0) {
                points.append(
                        String.format(Locale.ROOT, " %.4g,%.3f", 1 / above, value.getValueIteratedTo() / MICROSECOND));
            }
        }
        return points.toString();
    }
}
