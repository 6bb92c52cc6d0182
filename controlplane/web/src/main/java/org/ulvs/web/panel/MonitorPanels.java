// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.panel;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.ulvs.web.http.Exchange;
import org.ulvs.web.http.Reply;
import org.ulvs.web.http.Routes;
import org.ulvs.web.live.ChangeLog;
import tools.jackson.databind.json.JsonMapper;

/** CONTROL/MONITORING, its events, and the timeline. */
public final class MonitorPanels {
    private static final String CONTROL = "CONTROL/MONITORING";
    private static final int DEFAULT_SECONDS = 10;
    private static final int TIMELINE = 300;
    private static final int ALL = 3_000;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Tool tool;

    /** The panels. */
    public MonitorPanels(Tool tool) {
        this.tool = tool;
    }

    /** Their routes. */
    public void addTo(Routes routes) {
        routes.get("/control", Routes.Access.SESSION, this::control)
                .get("/events", Routes.Access.SESSION, exchange -> Reply.events())
                .get("/timeline", Routes.Access.SESSION, this::timeline);
    }

    private Reply control(Exchange exchange) throws IOException {
        final int every = seconds(exchange.query().value("every"));
        final List<TableView.ServiceRow> rows = tool.rows().now();
        final boolean auto = exchange.query().has("auto") || !exchange.query().has("every");
        final Page page = tool.page(exchange, CONTROL, "/control").refreshing(auto ? every : 0);
        return tool.renderer()
                .page(
                        200,
                        "control",
                        page,
                        Map.of(
                                "directors", tool.control().directors(),
                                "processes", tool.control().processes(),
                                "services", rows,
                                "filter", RowFilter.of(exchange.query(), rows),
                                "table", tool.monitor().table(),
                                "every", every,
                                "auto", auto,
                                "now", Times.text(System.currentTimeMillis())));
    }

    private static int seconds(String text) {
        return text.matches("[0-9]{1,4}") ? Math.max(1, Integer.parseInt(text)) : DEFAULT_SECONDS;
    }

    /**
     * The data of one event: a line for each service and server with what the script's list of columns names, in its
     * order; with all services also the directors.
     *
     * @param topic key of a service or a server, or empty for all
     */
    public String event(String topic) {
        try {
            final List<List<Object>> lines = new ArrayList<>();
            final List<TableView.ServiceRow> asked = tool.rows().now().stream()
                    .filter(service -> topic.isEmpty() || (topic + '>').startsWith(service.key() + '>'))
                    .toList();
            for (final TableView.ServiceRow service : asked) {
                lines.add(line(service.total()));
                service.servers().forEach(server -> lines.add(line(server)));
            }
            if (topic.indexOf('>') >= 0) {
                lines.removeIf(line -> !topic.equals(line.get(0)));
            }
            return JSON.writeValueAsString(Map.of(
                    "time",
                    Times.text(System.currentTimeMillis()),
                    "rows",
                    lines,
                    "signatures",
                    RowFilter.signatures(asked),
                    "directors",
                    topic.isEmpty() ? tool.control().directors() : List.of()));
        } catch (IOException e) {
            return "{}";
        }
    }

    private static List<Object> line(TableView.ServerRow row) {
        return List.of(
                row.key(),
                row.weight(),
                row.active(),
                row.inactive(),
                row.rates().connections(),
                row.rates().packetsIn(),
                row.rates().packetsOut(),
                row.rates().bytesIn(),
                row.rates().bytesOut(),
                row.state(),
                row.reason(),
                row.details());
    }

    private Reply timeline(Exchange exchange) throws IOException {
        final String show = exchange.query().value("show");
        final String find = exchange.query().value("find");
        final List<ChangeLog.Event> all = events(tool, ALL);
        final List<ChangeLog.Event> shown = all.stream()
                .filter(event -> switch (show) {
                    case "health" -> "health".equals(event.kind());
                    case "failover" -> "failover".equals(event.kind());
                    case "logins" -> ChangeLog.LOGIN.equals(event.kind());
                    case "changes" ->
                        "director".equals(event.kind())
                                || (!event.from().isEmpty() && !ChangeLog.LOGIN.equals(event.kind()));
                    default -> true;
                })
                .filter(event -> event.text().contains(find) || event.from().contains(find))
                .limit(TIMELINE)
                .toList();
        return tool.show(
                exchange, "TIMELINE", "/timeline", "timeline", Map.of("events", shown, "show", show, "find", find));
    }

    /** Changes and events of the director together, newest first. */
    public static List<ChangeLog.Event> events(Tool tool, int count) {
        final List<ChangeLog.Event> events = new ArrayList<>(tool.log().newest(count));
        events.addAll(tool.control().events(count));
        events.sort(Comparator.comparingLong(ChangeLog.Event::timeMs).reversed());
        return List.copyOf(events.subList(0, Math.min(count, events.size())));
    }
}
