// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.bench.pipeline;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.openjdk.jmh.runner.RunnerException;
import org.ulvs.bench.pipeline.Measurements.Figure;

/** The benchmark {@code pipeline}: runs what is measured, writes {@code pipeline.json}. Started in the root folder. */
public final class PipelineMain {
    private static final String[] SCHEDULERS = {
        "rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed", "nq", "fo", "ovf", "mh"
    };
    private static final double HIT_LIMIT = 67;
    private static final double HIT_10M_LIMIT = 110;
    private static final double NEW_LIMIT = 300;
    private static final double NEW_1000_LIMIT = 400;
    private static final double NOISY = 0.25;
    private static final int REPETITIONS = 10;
    private static final int QUICK_REPETITIONS = 1;
    /** In which the figure that has the narrowest target is measured. */
    private static final int HIT_PROCESSES = 5;

    private static final String MILLION = "1000000";
    private static final String HIT = "connections=" + MILLION + " method=NAT packet=HIT";

    private final Arguments arguments;
    private final Report report = new Report("pipeline");
    private final Measurements measurements;
    /** Parts of the report, to be written when all has been measured. */
    private final List<Runnable> parts = new ArrayList<>();

    private PipelineMain(Arguments arguments) {
        this.arguments = arguments;
        measurements = new Measurements(arguments.quick());
    }

    /** Runs it: {@code --out DIRECTORY [--quick]}. */
    public static void main(String... words) throws RunnerException {
        new PipelineMain(Arguments.parse(words)).run();
    }

    private void run() throws RunnerException {
        report.setting("frames", Traffic.FRAME_LENGTH + " bytes of TCP, rings of " + Traffic.FRAMES);
        report.setting("batch", Rig.BATCH + " frames");
        report.setting("JVM", String.join(" ", Arguments.dataplaneFlags()) + ", Java " + Runtime.version());
        report.setting("connections of a new connection's run", "1,000,000 established ones");
        final Figure hit = hits();
        newConnections();
        sizes();
        stages();
        measurements.repeat(arguments.quick() ? QUICK_REPETITIONS : REPETITIONS);
        parts.forEach(Runnable::run);
        measurements.report(report);
        report.target(
                "Bytes allocated by all packets of all runs",
                "B",
                measurements.allocated(),
                0,
                "besides, in single iterations, by the virtual machine itself: "
                        + Math.round(measurements.allocatedOnce()) + " B");
        if (hit.spread() > NOISY) {
            report.refuse(
                    "The machine was too noisy: one measurement of NAT hits at 1 M connections differs from another by "
                            + Math.round(hit.spread() * 100) + " %.");
        }
        report.write(arguments.out());
        System.out.println("NAT hit at 1 M connections: " + Report.rounded(hit.ns()) + " ns");
    }

    private Figure hits() throws RunnerException {
        final String[] sizes = arguments.quick()
                ? new String[] {"1000", MILLION, "10000000"}
                : new String[] {"1000", "10000", "100000", MILLION, "10000000"};
        final Map<String, Figure> results = new LinkedHashMap<>(measurements.measure(
                ForwardBenchmark.class, Map.of("connections", sizes, "method", one("NAT"), "packet", one("HIT"))));
        final String[] others = arguments.quick() ? one(MILLION) : sizes;
        results.putAll(measurements.measure(
                ForwardBenchmark.class, Map.of("connections", others, "method", one("NAT"), "packet", one("REPLY"))));
        results.putAll(measurements.measure(
                ForwardBenchmark.class,
                Map.of("connections", others, "method", new String[] {"DR", "TUN"}, "packet", one("HIT"))));
        final Figure hit = figure(results, HIT);
        for (int i = 1; i < (arguments.quick() ? 1 : HIT_PROCESSES); i++) {
            measurements.again(hit);
        }
        parts.add(() -> reportHits(sizes, results));
        return hit;
    }

    private void reportHits(String[] sizes, Map<String, Figure> results) {
        final List<List<Object>> rows = new ArrayList<>();
        final Map<String, List<List<Object>>> series = new LinkedHashMap<>();
        for (final String kind : List.of("NAT HIT", "NAT REPLY", "DR HIT", "TUN HIT")) {
            for (final String size : sizes) {
                final String[] words = kind.split(" ", -1);
                final Figure figure =
                        results.get("connections=" + size + " method=" + words[0] + " packet=" + words[1]);
                if (figure != null) {
                    final double ns = figure.ns();
                    rows.add(List.of(kind, Integer.parseInt(size), Report.rounded(ns), ratio(ns, results, size)));
                    series.computeIfAbsent(kind, key -> new ArrayList<>())
                            .add(List.of(Integer.parseInt(size), Report.rounded(ns)));
                }
            }
        }
        report.table(
                "A packet on an established connection",
                List.of("packet", "connections", "ns", "ratio"),
                rows,
                "Connections in random order. Ratio: to a NAT hit at as many connections.",
                "Replies of direct routing and tunnelling do not pass the director.");
        report.plot("A packet on an established connection", "connections", series);
        report.target(
                "NAT hit at 1 M connections", "ns", value(results, HIT), HIT_LIMIT, "10 GbE line rate on one core");
        report.target(
                "NAT hit at 10 M connections",
                "ns",
                value(results, "connections=10000000 method=NAT packet=HIT"),
                HIT_10M_LIMIT,
                "");
    }

    private static double ratio(double ns, Map<String, Figure> results, String size) {
        return Math.round(100 * ns / value(results, "connections=" + size + " method=NAT packet=HIT")) / 100.0;
    }

    private void newConnections() throws RunnerException {
        final String[] servers = arguments.quick() ? new String[] {"100", "1000"} : new String[] {"10", "100", "1000"};
        final Map<String, Figure> results =
                measurements.measure(NewConnectionBenchmark.class, Map.of("scheduler", SCHEDULERS, "servers", servers));
        parts.add(() -> reportNewConnections(servers, results));
    }

    private void reportNewConnections(String[] servers, Map<String, Figure> results) {
        final List<List<Object>> rows = new ArrayList<>();
        final Map<String, List<List<Object>>> series = new LinkedHashMap<>();
        final Map<String, Double> worst = new LinkedHashMap<>();
        for (final String scheduler : SCHEDULERS) {
            final List<Object> row = new ArrayList<>(List.of(scheduler));
            for (final String count : servers) {
                final double ns = value(results, "scheduler=" + scheduler + " servers=" + count);
                row.add(Report.rounded(ns));
                worst.merge(count, ns, Math::max);
                series.computeIfAbsent(scheduler, key -> new ArrayList<>())
                        .add(List.of(Integer.parseInt(count), Report.rounded(ns)));
            }
            rows.add(row);
        }
        final List<String> columns = new ArrayList<>(List.of("scheduler"));
        for (final String count : servers) {
            columns.add("ns, " + count + " servers");
        }
        report.table("A new connection", columns, rows, "First SYN of a client, by NAT; 1 M others stand.");
        report.plot("A new connection", "real servers", series);
        report.target(
                "New connection, 100 real servers, worst scheduler",
                "ns",
                worst.getOrDefault("100", Double.NaN),
                NEW_LIMIT,
                "");
        report.target(
                "New connection, 1,000 real servers, worst scheduler",
                "ns",
                worst.getOrDefault("1000", Double.NaN),
                NEW_1000_LIMIT,
                "");
    }

    private void sizes() throws RunnerException {
        if (arguments.quick()) {
            sweep("virtual services", ForwardBenchmark.class, "services", "1", "10000");
            sweep("firewall mark rules", NewConnectionBenchmark.class, "markRules", "1", "1000");
            return;
        }
        sweep("virtual services", ForwardBenchmark.class, "services", "1", "10", "100", "1000", "10000");
        sweep("virtual services", NewConnectionBenchmark.class, "services", "1", "10", "100", "1000", "10000");
        sweep("real servers", ForwardBenchmark.class, "servers", "1", "10", "100", "1000");
        sweep("firewall mark rules", NewConnectionBenchmark.class, "markRules", "1", "10", "100", "1000");
        methods();
    }

    private void methods() throws RunnerException {
        final String[] methods = {"NAT", "DR", "TUN"};
        final Map<String, Figure> results =
                measurements.measure(NewConnectionBenchmark.class, Map.of("method", methods));
        parts.add(() -> {
            final List<List<Object>> rows = new ArrayList<>();
            for (final String method : methods) {
                rows.add(List.of(method, Report.rounded(value(results, "method=" + method))));
            }
            report.table(
                    "A new connection by forwarding method",
                    List.of("forwarding method", "ns"),
                    rows,
                    "wlc, 100 real servers; 1 M others stand.");
        });
    }

    private void sweep(String quantity, Class<?> benchmark, String parameter, String... values) throws RunnerException {
        final Map<String, String[]> parameters = new LinkedHashMap<>();
        parameters.put(parameter, values);
        if ("services".equals(parameter)) {
            parameters.put("servers", one("1"));
        }
        final Map<String, Figure> results = measurements.measure(benchmark, parameters);
        final String packet = benchmark == ForwardBenchmark.class ? "a NAT hit" : "a new connection";
        parts.add(() ->
                reportSweep("Cost of " + packet + " by " + quantity, quantity, packet, parameter, values, results));
    }

    private void reportSweep(
            String title,
            String quantity,
            String packet,
            String parameter,
            String[] values,
            Map<String, Figure> results) {
        final List<List<Object>> rows = new ArrayList<>();
        for (final String number : values) {
            final String suffix =
                    "services".equals(parameter) ? "servers=1 services=" + number : parameter + "=" + number;
            rows.add(List.of(Integer.parseInt(number), Report.rounded(value(results, suffix))));
        }
        report.table(title, List.of(quantity, "ns"), rows);
        report.plot(title, quantity, Map.of(packet, rows));
    }

    private void stages() throws RunnerException {
        final String[] stages =
                Arrays.stream(Stages.Stage.values()).map(Stages.Stage::name).toArray(String[]::new);
        final Map<String, Figure> results = measurements.measure(StageBenchmark.class, Map.of("stage", stages));
        // once more, in the same minute as the stages
        final Map<String, Figure> whole =
                measurements.measure(ForwardBenchmark.class, Map.of("connections", one(MILLION)));
        parts.add(() -> reportStages(results, value(whole, "connections=" + MILLION)));
    }

    private void reportStages(Map<String, Figure> results, double whole) {
        final List<List<Object>> rows = new ArrayList<>();
        double before = 0;
        for (final Stages.Stage stage : Stages.Stage.values()) {
            final double ns = value(results, "stage=" + stage);
            rows.add(List.of(
                    stage.name().toLowerCase(java.util.Locale.ROOT), Report.rounded(ns - before), Report.rounded(ns)));
            before = ns;
        }
        rows.add(List.of("the rest of the forwarder", Report.rounded(whole - before), Report.rounded(whole)));
        report.table(
                "Where each nanosecond of a NAT hit goes, 1 M connections",
                List.of("stage", "ns", "ns up to here"),
                rows,
                "By experiment: packets pass the stages up to this one; what a stage costs is the difference.",
                "What is left of the whole, measured right after the stages, is all the cases that this packet is not.",
                "Known to some nanoseconds only, since the processor works at several stages at once.");
    }

    private static String[] one(String value) {
        return new String[] {value};
    }

    private static double value(Map<String, Figure> results, String parameters) {
        return figure(results, parameters).ns();
    }

    private static Figure figure(Map<String, Figure> results, String parameters) {
        return Objects.requireNonNull(results.get(parameters), parameters);
    }
}
