// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulvs.control.lvs.LvsStatus;
import org.ulvs.web.auth.TokenFile;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The Grafana dashboard asks for nothing that the tool does not give, and the tool's names are good names. */
class DashboardTest {
    private static final Path DASHBOARD = Path.of("../../docs/grafana-dashboard.json");
    private static final Pattern ASKED = Pattern.compile("\\b(?:node|ulvs)_[a-z0-9_]+");
    private static final Pattern SAMPLE =
            Pattern.compile("([a-z_][a-z0-9_]*)(\\{[a-z_]+=\"[^\"]*\"(,[a-z_]+=\"[^\"]*\")*})? (-?[0-9.E+-]+)");

    @TempDir
    private Path directory;

    private String scrape() throws IOException {
        try (FakeDataplane dataplane = new FakeDataplane(directory.resolve("dataplane"));
                Gui gui = new Gui(directory)) {
            dataplane.table(0xc0a8_1a0a, 80, 1, 1);
            // this process plays the dataplane: a thread of its has to be there
            final Thread worker = new Thread(
                    () -> {
                        while (!Thread.interrupted()) {
                            LockSupport.park();
                        }
                    },
                    "worker-0");
            worker.setDaemon(true);
            worker.start();
            gui.control.says("web1", "10.11.12.1", true, "answered", 1, LvsStatus.Checks.NONE.and(true, 1, 1));
            final String token = new TokenFile(GuiOptions.tokens(directory)).create("prometheus");
            gui.sample();
            String metrics = "";
            while (!metrics.contains("ulvs_worker_cpu_seconds_total{")) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
                metrics = gui.send(gui.request("/metrics").header("Authorization", "Bearer " + token))
                        .body();
            }
            return metrics;
        }
    }

    @Test
    void shouldAskOnlyForMetricsThatExist() throws IOException {
        final Set<String> given = new TreeSet<>();
        scrape().lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            final Matcher sample = SAMPLE.matcher(line);
            assertThat(sample.matches()).as(line).isTrue();
            given.add(sample.group(1));
        });
        final Set<String> asked = new TreeSet<>();
        final JsonNode dashboard = JsonMapper.builder().build().readTree(Files.readAllBytes(DASHBOARD));
        for (final JsonNode panel : dashboard.path("panels")) {
            for (final JsonNode target : panel.path("targets")) {
                final String expression = target.path("expr").asString();
                final Set<String> names = ASKED.matcher(expression)
                        .results()
                        .map(MatchResult::group)
                        .collect(Collectors.toSet());
                assertThat(names).as(expression).isNotEmpty();
                asked.addAll(names);
            }
        }
        ASKED.matcher(dashboard.path("templating").toString()).results().forEach(found -> asked.add(found.group()));
        assertThat(asked).hasSizeGreaterThan(12);
        assertThat(given).containsAll(asked);
    }

    @Test
    void shouldNameMetricsAsPrometheusAdvises() throws IOException {
        scrape().lines().filter(line -> line.startsWith("# TYPE ")).forEach(line -> {
            final String[] words = line.split(" ", -1);
            assertThat(words[2].endsWith("_total")).as(line).isEqualTo("counter".equals(words[3]));
            assertThat(words[2]).as("units are written out").doesNotContainPattern("_(ns|us|ms|kb|mb|sec)(_|$)");
        });
    }

    @Test
    void shouldNameTheMetricsOfIpvsAsNodeExporterDoes() throws IOException {
        final String labels = "{local_address=\"192.168.26.10\",local_mark=\"\",local_port=\"80\",proto=\"TCP\","
                + "remote_address=\"10.11.12.1\",remote_port=\"80\"} ";
        assertThat(scrape())
                .contains("# TYPE node_ipvs_connections_total counter")
                .contains("# TYPE node_ipvs_incoming_packets_total counter")
                .contains("# TYPE node_ipvs_outgoing_packets_total counter")
                .contains("# TYPE node_ipvs_incoming_bytes_total counter")
                .contains("# TYPE node_ipvs_outgoing_bytes_total counter")
                .contains("node_ipvs_backend_connections_active" + labels + "0.0")
                .contains("node_ipvs_backend_connections_inactive" + labels + "0.0")
                .contains("node_ipvs_backend_weight" + labels + "1.0")
                .contains("ulvs_dropped_frames_total{reason=\"no service\",worker=\"0\"} 12.0");
    }
}
