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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ulvs.cnc.CounterValue;
import org.ulvs.cnc.StandardCounter;
import org.ulvs.control.lvs.LvsStatus;
import org.ulvs.web.edit.ConfigStore;
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
        metrics.add(load(tool.monitor().processorSeconds()));
        control(metrics);
        metrics.add(gauge("ulvs_dataplane_up", "Whether the dataplane runs.", table.running() ? 1 : 0));
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        final PrometheusTextFormatWriter writer =
                PrometheusTextFormatWriter.builder().build();
        writer.write(out, new MetricSnapshots(metrics));
        return Reply.of(200, writer.getContentType(), out.toByteArray());
    }

    private static void ipvs(LiveTable table, List<MetricSnapshot> metrics) {
        LiveTable.Figures totals = LiveTable.Figures.ZERO;
        final Map<Labels, Integer> active = new LinkedHashMap<>();
        final Map<Labels, Integer> inactive = new LinkedHashMap<>();
        final Map<Labels, Integer> weights = new LinkedHashMap<>();
        for (final LiveTable.Service service : table.services()) {
            totals = totals.plus(service.totals());
            for (final LiveTable.Server server : service.servers()) {
                final Labels labels = labels(service, server);
                active.putIfAbsent(labels, server.active());
                inactive.putIfAbsent(labels, server.inactive());
                weights.putIfAbsent(labels, server.weight());
            }
        }
        metrics.add(counter("node_ipvs_connections", "The total number of connections made.", totals.connections()));
        metrics.add(counter("node_ipvs_incoming_packets", "The total number of incoming packets.", totals.packetsIn()));
        metrics.add(
                counter("node_ipvs_outgoing_packets", "The total number of outgoing packets.", totals.packetsOut()));
        metrics.add(counter("node_ipvs_incoming_bytes", "The total amount of incoming data.", totals.bytesIn()));
        metrics.add(counter("node_ipvs_outgoing_bytes", "The total amount of outgoing data.", totals.bytesOut()));
        metrics.add(gauge(
                "node_ipvs_backend_connections_active",
                "The current active connections by local and remote address.",
                active));
        metrics.add(gauge(
                "node_ipvs_backend_connections_inactive",
                "The current inactive connections by local and remote address.",
                inactive));
        metrics.add(
                gauge("node_ipvs_backend_weight", "The current backend weight by local and remote address.", weights));
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

    /** A worker that does not spin while it waits uses as much of a processor as it has work. */
    private static MetricSnapshot load(Map<String, Double> seconds) {
        final Map<Labels, Double> used = new LinkedHashMap<>();
        seconds.forEach((worker, time) -> used.put(Labels.of("worker", worker), time));
        return counter("ulvs_worker_cpu_seconds", "Processor time that a thread of the dataplane has used.", used);
    }

    /** Each counter of the dataplane once, a label a worker; drops under one name, a label a reason. */
    private static void counters(List<CounterValue> rows, List<MetricSnapshot> metrics) {
        final Map<String, Map<Labels, Long>> counters = new TreeMap<>();
        final Map<Labels, Long> connections = new TreeMap<>();
        final Map<Labels, Double> cycles = new TreeMap<>();
        for (final CounterValue row : rows) {
            final String worker = row.worker() < 0 ? "conductor" : Integer.toString(row.worker());
            final Labels labels = Labels.of("worker", worker);
            final Matcher ring = RINGS.matcher(row.label());
            if (row.typeId() >= StandardCounter.DROP_TYPE_ID && row.label().startsWith(DROPPED)) {
                merge(
                        counters,
                        "ulvs_dropped_frames",
                        Labels.of("reason", row.label().substring(DROPPED.length()), "worker", worker),
                        row.value());
            } else if (ring.matches()) {
                merge(
                        counters,
                        "ulvs_rings_" + ring.group(2),
                        Labels.of("interface", ring.group(1), "worker", worker),
                        row.value());
            } else if (row.typeId() == StandardCounter.CYCLE_TIME_MAX.typeId()) {
                cycles.put(labels, row.value() / NANOS);
            } else if (row.typeId() == StandardCounter.CONNECTIONS.typeId()) {
                connections.merge(labels, row.value(), Long::sum);
            } else {
                merge(counters, "ulvs_" + words(row.label()), labels, row.value());
            }
        }
        counters.forEach((name, values) -> metrics.add(counter(name, "A counter of the dataplane.", values)));
        metrics.add(gauge("ulvs_connections", "Connections and templates that are remembered.", connections));
        metrics.add(gauge(
                "ulvs_longest_duty_cycle_seconds",
                "The longest time that a worker has spent on one round of its work.",
                cycles));
    }

    private static void merge(Map<String, Map<Labels, Long>> into, String name, Labels labels, long value) {
        into.computeIfAbsent(name, ignored -> new TreeMap<>()).merge(labels, value, Long::sum);
    }

    private void control(List<MetricSnapshot> metrics) throws IOException {
        final Map<Labels, Integer> running = new LinkedHashMap<>();
        final Map<Labels, Integer> active = new LinkedHashMap<>();
        for (final ControlPlane.Director director : tool.control().directors()) {
            final Labels labels = Labels.of("director", director.name());
            running.put(labels, director.running() ? 1 : 0);
            active.put(labels, "active".equals(director.state()) ? 1 : 0);
        }
        metrics.add(gauge("ulvs_director_running", "Whether a director's pulse is heard.", running));
        metrics.add(gauge("ulvs_director_active", "Whether a director serves.", active));
        checks(metrics);
        new TreeMap<>(tool.control().counters())
                .forEach((name, value) -> metrics.add(counter(
                        "ulvs_pulse_" + words(name.replaceAll("([a-z])([A-Z])", "$1_$2")),
                        "A counter of pulse.",
                        value)));
        final ConfigStore.Loaded loaded = tool.store().load();
        metrics.add(gauge("ulvs_config_serial", "serial_no of lvs.cf.", loaded.serial()));
        metrics.add(gauge(
                "ulvs_config_applied_serial",
                "serial_no that pulse runs, -1 if it does not.",
                tool.control().appliedSerial()));
        metrics.add(gauge(
                "ulvs_services_configured",
                "Active virtual servers of lvs.cf.",
                loaded.content().configuration().activeVirtualServers().stream()
                        .map(TableView::key)
                        .distinct()
                        .count()));
    }

    /** Health and checks of each real server. */
    private void checks(List<MetricSnapshot> metrics) {
        final Map<Labels, Integer> up = new LinkedHashMap<>();
        final Map<Labels, Double> last = new LinkedHashMap<>();
        final Map<Labels, Double> ended = new LinkedHashMap<>();
        final Map<Labels, Long> failed = new LinkedHashMap<>();
        final SummarySnapshot.Builder durations = SummarySnapshot.builder()
                .name("ulvs_check_duration_seconds")
                .help("Checks of a real server, and how long they took.");
        new TreeMap<>(tool.control().health()).forEach((key, health) -> {
            final String name = health.name();
            final int slash = name.indexOf('/');
            final Labels labels = Labels.of(
                    "virtual", slash < 0 ? name : name.substring(0, slash),
                    "server", slash < 0 ? "" : name.substring(slash + 1),
                    "address", key.substring(key.indexOf('>') + 1));
            if (up.putIfAbsent(labels, health.up() ? 1 : 0) != null) {
                // two virtual servers of one name: the first one is told
                return;
            }
            final LvsStatus.Checks checks = health.checks();
            failed.put(labels, checks.failed());
            durations.dataPoint(SummarySnapshot.SummaryDataPointSnapshot.builder()
                    .labels(labels)
                    .count(checks.count())
                    .sum(checks.nanos() / NANOS)
                    .build());
            if (checks.count() > 0) {
                last.put(labels, checks.lastNanos() / NANOS);
                ended.put(labels, checks.lastMs() / 1e3);
            }
        });
        metrics.add(gauge("ulvs_server_up", "Whether the last checks of a real server passed.", up));
        metrics.add(gauge("ulvs_check_last_duration_seconds", "How long the last check of a real server took.", last));
        metrics.add(gauge("ulvs_check_last_timestamp_seconds", "When the last check of a real server ended.", ended));
        metrics.add(durations.build());
        metrics.add(counter("ulvs_check_failures", "Checks that found a real server down.", failed));
    }

    private static String words(String label) {
        return label.replace("'s", "").toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_");
    }

    private static MetricSnapshot counter(String name, String help, long value) {
        return counter(name, help, Map.of(Labels.EMPTY, value));
    }

    private static MetricSnapshot counter(String name, String help, Map<Labels, ? extends Number> values) {
        final CounterSnapshot.Builder counter = CounterSnapshot.builder()
                .name(name.endsWith("_total") ? name.substring(0, name.length() - "_total".length()) : name)
                .help(help);
        values.forEach((labels, value) -> counter.dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                .labels(labels)
                .value(Math.max(0, value.doubleValue()))
                .build()));
        return counter.build();
    }

    private static MetricSnapshot gauge(String name, String help, long value) {
        return gauge(name, help, Map.of(Labels.EMPTY, value));
    }

    private static MetricSnapshot gauge(String name, String help, Map<Labels, ? extends Number> values) {
        final GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
        values.forEach((labels, value) -> gauge.dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
                .labels(labels)
                .value(value.doubleValue())
                .build()));
        return gauge.build();
    }
}
