// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.bench.pipeline;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * All that JMH measures in a run. An iteration counts if the {@link Yardstick} was not much slower then than in the
 * fast part of the run; a figure of which no iteration counts is measured again, a limited number of times.
 */
final class Measurements {
    /** The yardstick of the fast part of a run is that which so many of all iterations reach. */
    private static final double FAST_PART = 0.1;
    /** How much slower than that the yardstick may be. */
    private static final double TOLERANCE = 1.1;

    private record Iteration(double ns, double yardstick, double allocated) {}

    private final boolean quick;
    private final List<Figure> figures = new ArrayList<>();
    private int repeated;

    Measurements(boolean quick) {
        this.quick = quick;
    }

    /** One benchmark with certain parameters. */
    final class Figure {
        private final Class<?> benchmark;
        private final Map<String, String> parameters;
        private final List<Iteration> iterations = new ArrayList<>();

        private Figure(Class<?> benchmark, Map<String, String> parameters) {
            this.benchmark = benchmark;
            this.parameters = parameters;
        }

        void add(double ns, double yardstick, double allocated) {
            iterations.add(new Iteration(ns, yardstick, allocated));
        }

        /** Nanoseconds a packet: the mean of the iterations that count, or of the least slow one if none does. */
        double ns() {
            return counted().stream().mapToDouble(Iteration::ns).average().orElseThrow();
        }

        /**
         * By how much the slowest iteration of those that count exceeds the fastest, as a part of the fastest; of many
         * iterations the quarter at either end is left out.
         */
        double spread() {
            final double[] ns =
                    counted().stream().mapToDouble(Iteration::ns).sorted().toArray();
            final int left = ns.length / 4;
            return ns[ns.length - 1 - left] / ns[left] - 1;
        }

        private List<Iteration> counted() {
            final double limit = Math.max(slowest(), least());
            return iterations.stream()
                    .filter(iteration -> iteration.yardstick <= limit)
                    .toList();
        }

        boolean isCounted() {
            return least() <= slowest();
        }

        /** Bytes that all packets of an iteration allocated, whichever it is. */
        private double allocated() {
            return iterations.stream().mapToDouble(Iteration::allocated).min().orElseThrow();
        }

        private double least() {
            return iterations.stream().mapToDouble(Iteration::yardstick).min().orElseThrow();
        }
    }

    /** Runs a benchmark over the product of the parameters; the figures' keys are the parameters in their order. */
    Map<String, Figure> measure(Class<?> benchmark, Map<String, String[]> parameters) throws RunnerException {
        final Map<String, Figure> results = new LinkedHashMap<>();
        for (final RunResult result : run(benchmark, parameters)) {
            final Map<String, String> values = new TreeMap<>();
            for (final String name : parameters.keySet()) {
                values.put(name, result.getParams().getParam(name));
            }
            final Figure figure = figure(benchmark, values);
            note(result, figure);
            results.put(key(values), figure);
        }
        return results;
    }

    /** A new figure, without iterations. */
    Figure figure(Class<?> benchmark, Map<String, String> parameters) {
        final Figure figure = new Figure(benchmark, parameters);
        figures.add(figure);
        return figure;
    }

    private static String key(Map<String, String> parameters) {
        final StringBuilder key = new StringBuilder();
        parameters.forEach((name, value) ->
                key.append(key.isEmpty() ? "" : " ").append(name).append('=').append(value));
        return key.toString();
    }

    /**
     * Measures figures again of which no iteration counts: those of established connections first, in their order, then
     * the most expensive ones.
     *
     * @param limit how many in all
     */
    void repeat(int limit) throws RunnerException {
        while (repeated < limit) {
            final Figure figure = figures.stream()
                    .filter(each -> !each.isCounted())
                    .min(Comparator.comparing((Figure each) -> each.benchmark != ForwardBenchmark.class)
                            .thenComparing(each -> each.benchmark == ForwardBenchmark.class ? 0 : -each.ns()))
                    .orElse(null);
            if (figure == null) {
                return;
            }
            repeated++;
            again(figure);
        }
    }

    /** Measures a figure once more, in another process: each lies elsewhere in memory, and is compiled differently. */
    void again(Figure figure) throws RunnerException {
        final Map<String, String[]> parameters = new TreeMap<>();
        figure.parameters.forEach((name, value) -> parameters.put(name, new String[] {value}));
        run(figure.benchmark, parameters).forEach(result -> note(result, figure));
    }

    private Iterable<RunResult> run(Class<?> benchmark, Map<String, String[]> parameters) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(benchmark.getName())
                .forks(1)
                .warmupIterations(2)
                .warmupTime(TimeValue.milliseconds(quick ? 250 : 700))
                .measurementIterations(3)
                .measurementTime(TimeValue.milliseconds(quick ? 200 : 600))
                .jvmArgs(Arguments.dataplaneFlags().toArray(new String[0]))
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        for (final Map.Entry<String, String[]> parameter : parameters.entrySet()) {
            options = options.param(parameter.getKey(), parameter.getValue());
        }
        return new Runner(options.build()).run();
    }

    private void note(RunResult result, Figure figure) {
        for (final BenchmarkResult fork : result.getBenchmarkResults()) {
            for (final IterationResult iteration : fork.getIterationResults()) {
                final var others = iteration.getSecondaryResults();
                final var bytes = others.get(Allocation.FIGURE);
                figure.add(
                        iteration.getPrimaryResult().getScore(),
                        Objects.requireNonNull(others.get(Yardstick.FIGURE)).getScore(),
                        bytes == null ? 0 : bytes.getScore());
            }
        }
        System.out.printf(
                "%-50s %8.1f ns, yardstick %.0f µs%n",
                key(figure.parameters), result.getPrimaryResult().getScore(), figure.least());
    }

    /**
     * Bytes that packets allocated: of each figure, what was allocated in every iteration. What was in one and not in
     * another is the virtual machine's own, see {@link #allocatedOnce}.
     */
    double allocated() {
        return figures.stream().mapToDouble(Figure::allocated).sum();
    }

    /** Bytes in some iterations only: of the virtual machine, which looks up a class or a method for compiled code. */
    double allocatedOnce() {
        return figures.stream()
                .flatMap(figure -> figure.iterations.stream().map(each -> each.allocated - figure.allocated()))
                .mapToDouble(Double::doubleValue)
                .sum();
    }

    /** What the yardstick was, as a table. */
    void report(Report report) {
        final double[] all = yardsticks();
        final double slowest = slowest();
        final long notCounted = figures.stream()
                .mapToLong(figure -> figure.iterations.size() - figure.counted().size())
                .sum();
        final long slow = figures.stream().filter(figure -> !figure.isCounted()).count();
        report.table(
                "The machine's speed in this run: a piece of work that never changes",
                List.of("what", "figure"),
                List.of(
                        List.of("least, µs", Report.rounded(all[0])),
                        List.of("median, µs", Report.rounded(all[all.length / 2])),
                        List.of("most, µs", Report.rounded(all[all.length - 1])),
                        List.of("slowest that counts, µs", Report.rounded(slowest)),
                        List.of("iterations", all.length),
                        List.of("of these not counted", notCounted),
                        List.of("figures measured again", repeated),
                        List.of("figures of slow iterations only", slow)),
                "Before and after each iteration; arithmetic, and random reads in 64 MiB.",
                "An iteration counts if its yardstick is at most 10 % slower than what a tenth of all reach.");
    }

    private double slowest() {
        final double[] all = yardsticks();
        return all[(int) (all.length * FAST_PART)] * TOLERANCE;
    }

    private double[] yardsticks() {
        return figures.stream()
                .flatMap(figure -> figure.iterations.stream())
                .mapToDouble(Iteration::yardstick)
                .sorted()
                .toArray();
    }
}
