// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.api;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ulvs.cnc.CounterValue;
import org.ulvs.cnc.StandardCounter;
import org.ulvs.control.lvs.LvsStatus;
import org.ulvs.web.http.Exchange;
import org.ulvs.web.http.Reply;
import org.ulvs.web.http.Routes;
import org.ulvs.web.live.ControlPlane;
import org.ulvs.web.live.LiveTable;
import org.ulvs.web.panel.TableView;
import org.ulvs.web.panel.Tool;

/** Metrics for Prometheus: those of node_exporter's ipvs collector under their names, and our own. */
public final class Metrics {
    private static final String DROPPED = "dropped: ";
    private static final double NANOS = 1e9;
    private static final Pattern RINGS = Pattern.compile("rings of (\\S+) (\\w+)");

    private final Tool tool;

    /** Over the tool's monitor. */
    public Metrics(Tool tool) {
        this.tool = tool;
    }

    /** The route. */
    public void addTo(Routes routes) {
        routes.get("/metrics", Routes.Access.API, this::scrape);
    }

    private Reply scrape(Exchange exchange) throws IOException {
        final List<MetricSnapshot> metrics = new ArrayList<>();
        final LiveTable table = tool.monitor().table();
        ipvs(table, metrics);
        counters(tool.monitor().counters(), metrics);
        load(tool.monitor().processorSeconds(), metrics);
        control(metrics);
        metrics.add(gauge("ulvs_dataplane_up", "Whether the dataplane runs.", table.running() ? 1.0 : 0.0));
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        final PrometheusTextFormatWriter writer =
                PrometheusTextFormatWriter.builder().build();
        writer.write(out, new MetricSnapshots(metrics));
        return Reply.of(200, writer.getContentType(), out.toByteArray());
    }

    private static void ipvs(LiveTable table, List<MetricSnapshot> metrics) {
        long connections = 0;
        long packetsIn = 0;
        long packetsOut = 0;
        long bytesIn = 0;
        long bytesOut = 0;
        final GaugeSnapshot.Builder active = GaugeSnapshot.builder()
                .name("node_ipvs_backend_connections_active")
                .help("The current active connections by local and remote address.");
        final GaugeSnapshot.Builder inactive = GaugeSnapshot.builder()
                .name("node_ipvs_backend_connections_inactive")
                .help("The current inactive connections by local and remote address.");
        final GaugeSnapshot.Builder weight = GaugeSnapshot.builder()
                .name("node_ipvs_backend_weight")
                .help("The current backend weight by local and remote address.");
        final Set<Labels> seen = new HashSet<>();
        for (final LiveTable.Service service : table.services()) {
            connections += service.totals().connections();
            packetsIn += service.totals().packetsIn();
            packetsOut += service.totals().packetsOut();
            bytesIn += service.totals().bytesIn();
            bytesOut += service.totals().bytesOut();
            for (final LiveTable.Server server : service.servers()) {
                final Labels labels = labels(service, server);
                if (seen.add(labels)) {
                    active.dataPoint(point(labels, server.active()));
                    inactive.dataPoint(point(labels, server.inactive()));
                    weight.dataPoint(point(labels, server.weight()));
                }
            }
        }
        metrics.add(counter("node_ipvs_connections", "The total number of connections made.", connections));
        metrics.add(counter("node_ipvs_incoming_packets", "The total number of incoming packets.", packetsIn));
        metrics.add(counter("node_ipvs_outgoing_packets", "The total number of outgoing packets.", packetsOut));
        metrics.add(counter("node_ipvs_incoming_bytes", "The total amount of incoming data.", bytesIn));
        metrics.add(counter("node_ipvs_outgoing_bytes", "The total amount of outgoing data.", bytesOut));
        metrics.add(active.build());
        metrics.add(inactive.build());
        metrics.add(weight.build());
    }

    private static Labels labels(LiveTable.Service service, LiveTable.Server server) {
        final boolean marked = service.mark() != 0;
        return Labels.of(
                "local_address", service.address(),
                "local_port", marked ? "" : Integer.toString(service.port()),
                "local_mark", marked ? String.format(Locale.ROOT, "%08X", service.mark()) : "",
                "remote_address", server.address(),
                "remote_port", Integer.toString(server.port()),
                "proto", service.protocol());
    }

    private static GaugeSnapshot.GaugeDataPointSnapshot point(Labels labels, double value) {
        return GaugeSnapshot.GaugeDataPointSnapshot.builder()
                .labels(labels)
                .value(value)
                .build();
    }

    /** A worker that does not spin while it waits uses as much of a processor as it has work. */
    private static void load(Map<String, Double> seconds, List<MetricSnapshot> metrics) {
        final CounterSnapshot.Builder load = CounterSnapshot.builder()
                .name("ulvs_worker_cpu_seconds")
                .help("Processor time that a thread of the dataplane has used.");
        seconds.forEach((worker, used) -> load.dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                .labels(Labels.of("worker", worker))
                .value(used)
                .build()));
        metrics.add(load.build());
    }

    /** Each counter of the dataplane once, a label a worker; drops under one name, a label a reason. */
    private static void counters(List<CounterValue> rows, List<MetricSnapshot> metrics) {
        final Map<String, Map<Labels, Long>> counters = new TreeMap<>();
        final Map<String, Map<Labels, Long>> gauges = new TreeMap<>();
        for (final CounterValue row : rows) {
            final String worker = row.worker() < 0 ? "conductor" : Integer.toString(row.worker());
            if (row.typeId() >= StandardCounter.DROP_TYPE_ID && row.label().startsWith(DROPPED)) {
                merge(
                        counters,
                        "ulvs_dropped_frames",
                        Labels.of("reason", row.label().substring(DROPPED.length()), "worker", worker),
                        row.value());
            } else {
                final Matcher ring = RINGS.matcher(row.label());
                final boolean ofRing = ring.matches();
                final String name = ofRing ? "ulvs_rings_" + ring.group(2) : "ulvs_" + words(row.label());
                final Labels labels =
                        ofRing ? Labels.of("interface", ring.group(1), "worker", worker) : Labels.of("worker", worker);
                final boolean level = row.typeId() == StandardCounter.CONNECTIONS.typeId()
                        || row.typeId() == StandardCounter.CYCLE_TIME_MAX.typeId();
                merge(level ? gauges : counters, name, labels, row.value());
            }
        }
        counters.forEach((name, values) -> {
            final CounterSnapshot.Builder builder =
                    CounterSnapshot.builder().name(name).help("A counter of the dataplane.");
            values.forEach((labels, value) -> builder.dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                    .labels(labels)
                    .value((double) Math.max(0, value))
                    .build()));
            metrics.add(builder.build());
        });
        gauges.forEach((name, values) -> {
            final GaugeSnapshot.Builder builder =
                    GaugeSnapshot.builder().name(name).help("A level of the dataplane.");
            values.forEach((labels, value) -> builder.dataPoint(point(labels, (double) value)));
            metrics.add(builder.build());
        });
    }

    private static void merge(Map<String, Map<Labels, Long>> into, String name, Labels labels, long value) {
        into.computeIfAbsent(name, ignored -> new TreeMap<>()).merge(labels, value, Long::sum);
    }

    private void control(List<MetricSnapshot> metrics) throws IOException {
        final GaugeSnapshot.Builder running =
                GaugeSnapshot.builder().name("ulvs_director_running").help("Whether a director's pulse is heard.");
        final GaugeSnapshot.Builder active =
                GaugeSnapshot.builder().name("ulvs_director_active").help("Whether a director serves.");
        for (final ControlPlane.Director director : tool.control().directors()) {
            final Labels labels = Labels.of("director", director.name());
            running.dataPoint(point(labels, director.running() ? 1 : 0));
            active.dataPoint(point(labels, "active".equals(director.state()) ? 1 : 0));
        }
        metrics.add(running.build());
        metrics.add(active.build());
        checks(metrics);
        new TreeMap<>(tool.control().counters())
                .forEach((name, value) -> metrics.add(counter(
                        "ulvs_pulse_" + words(name.replaceAll("([a-z])([A-Z])", "$1_$2")),
                        "A counter of pulse.",
                        value)));
        metrics.add(gauge("ulvs_config_serial", "serial_no of lvs.cf.", (double)
                tool.store().load().serial()));
        metrics.add(gauge("ulvs_config_applied_serial", "serial_no that pulse runs, -1 if it does not.", (double)
                tool.control().appliedSerial()));
        metrics.add(gauge("ulvs_services_configured", "Active virtual servers of lvs.cf.", (double)
                tool.store().load().content().configuration().activeVirtualServers().stream()
                        .map(TableView::key)
                        .distinct()
                        .count()));
    }

    /** Health and checks of each real server. */
    private void checks(List<MetricSnapshot> metrics) {
        final GaugeSnapshot.Builder up =
                GaugeSnapshot.builder().name("ulvs_server_up").help("Whether the last checks of a real server passed.");
        final GaugeSnapshot.Builder last = GaugeSnapshot.builder()
                .name("ulvs_check_last_duration_seconds")
                .help("How long the last check of a real server took.");
        final GaugeSnapshot.Builder ended = GaugeSnapshot.builder()
                .name("ulvs_check_last_timestamp_seconds")
                .help("When the last check of a real server ended.");
        final SummarySnapshot.Builder durations = SummarySnapshot.builder()
                .name("ulvs_check_duration_seconds")
                .help("Checks of a real server, and how long they took.");
        final CounterSnapshot.Builder failed =
                CounterSnapshot.builder().name("ulvs_check_failures").help("Checks that found a real server down.");
        new TreeMap<>(tool.control().health()).forEach((name, health) -> {
            final int slash = name.indexOf('/');
            final Labels labels = Labels.of(
                    "virtual", slash < 0 ? name : name.substring(0, slash),
                    "server", slash < 0 ? "" : name.substring(slash + 1));
            final LvsStatus.Checks checks = health.checks();
            up.dataPoint(point(labels, health.up() ? 1 : 0));
            durations.dataPoint(SummarySnapshot.SummaryDataPointSnapshot.builder()
                    .labels(labels)
                    .count(checks.count())
                    .sum(checks.nanos() / NANOS)
                    .build());
            failed.dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                    .labels(labels)
                    .value((double) checks.failed())
                    .build());
            if (checks.count() > 0) {
                last.dataPoint(point(labels, checks.lastNanos() / NANOS));
                ended.dataPoint(point(labels, checks.lastMs() / 1e3));
            }
        });
        metrics.addAll(List.of(up.build(), last.build(), ended.build(), durations.build(), failed.build()));
    }

    private static String words(String label) {
        return label.replace("'s", "").toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_");
    }

    private static MetricSnapshot counter(String name, String help, long value) {
        return CounterSnapshot.builder()
                .name(name.endsWith("_total") ? name.substring(0, name.length() - "_total".length()) : name)
                .help(help)
                .dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                        .value((double) Math.max(0, value))
                        .build())
                .build();
    }

    private static MetricSnapshot gauge(String name, String help, double value) {
        return GaugeSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(point(Labels.EMPTY, value))
                .build();
    }
}
