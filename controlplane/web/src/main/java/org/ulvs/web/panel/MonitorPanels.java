// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.panel;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ulvs.control.lvscf.Block;
import org.ulvs.control.lvscf.BlockKind;
import org.ulvs.control.lvscf.Configuration;
import org.ulvs.control.lvscf.LvsCfDocument;
import org.ulvs.control.lvscf.RealServer;
import org.ulvs.control.lvscf.ServerKeys;
import org.ulvs.control.lvscf.VirtualServer;
import org.ulvs.web.edit.ConfigStore;
import org.ulvs.web.http.Exchange;
import org.ulvs.web.http.Reply;
import org.ulvs.web.http.Routes;
import org.ulvs.web.live.ChangeLog;
import org.ulvs.web.live.Checkup;
import org.ulvs.web.live.ControlPlane;
import org.ulvs.web.live.History;
import tools.jackson.databind.json.JsonMapper;

/** CONTROL/MONITORING, the view of one virtual server, check now, drain, and the timeline. */
public final class MonitorPanels {
    private static final String CONTROL = "CONTROL/MONITORING";
    private static final int DEFAULT_SECONDS = 10;
    private static final int MAX_PLOTTED = 100;
    private static final int TIMELINE = 300;
    private static final int ALL = 3_000;
    private static final Pattern WEIGHT_WAS = Pattern.compile("weight was ([0-9]+)");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Tool tool;
    private final Changes changes;

    /** The panels. */
    public MonitorPanels(Tool tool, Changes changes) {
        this.tool = tool;
        this.changes = changes;
    }

    /** Their routes. */
    public void addTo(Routes routes) {
        routes.get("/control", Routes.Access.SESSION, this::control)
                .get("/events", Routes.Access.SESSION, exchange -> Reply.events())
                .get("/watch", Routes.Access.SESSION, this::watch)
                .post("/check", Routes.Access.SESSION, this::check)
                .post("/drain", Routes.Access.SESSION, this::drain)
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
     * The data of one event: for each service and server its key, weight, active and inactive connections, connections
     * and bytes a second, and its state; with all services also the directors.
     *
     * @param topic a service's key, or empty for all
     */
    public String event(String topic) {
        try {
            final List<List<Object>> lines = new ArrayList<>();
            final List<TableView.ServiceRow> asked = tool.rows().now().stream()
                    .filter(service -> topic.isEmpty() || topic.equals(service.key()))
                    .toList();
            for (final TableView.ServiceRow service : asked) {
                lines.add(List.of(
                        service.key(),
                        -1,
                        service.active(),
                        service.inactive(),
                        service.cps(),
                        service.bps(),
                        service.up() + " of " + service.servers().size() + " up"));
                for (final TableView.ServerRow server : service.servers()) {
                    lines.add(List.of(
                            server.key(),
                            server.weight(),
                            server.active(),
                            server.inactive(),
                            server.cps(),
                            server.bps(),
                            server.state(),
                            server.reason(),
                            server.details()));
                }
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

    private Optional<VirtualServer> virtual(Configuration configuration, String id) throws IOException {
        final List<Block> blocks = tool.store().load().content().document().virtualServers();
        final int index = Blocks.index(blocks, id);
        final List<VirtualServer> all = configuration.virtualServers();
        return index >= 0 && index < all.size() ? Optional.of(all.get(index)) : Optional.empty();
    }

    private Reply watch(Exchange exchange) throws IOException {
        final String id = exchange.query().value("name");
        final Optional<VirtualServer> virtual =
                virtual(tool.store().load().content().configuration(), id);
        if (virtual.isEmpty()) {
            return tool.message(exchange, 404, CONTROL, "There is no virtual \"" + id + "\" in lvs.cf.");
        }
        final String key = TableView.key(virtual.get());
        final Optional<TableView.ServiceRow> row = tool.rows().now().stream()
                .filter(service -> service.key().equals(key))
                .findFirst();
        if (row.isEmpty()) {
            return tool.message(
                    exchange,
                    200,
                    CONTROL,
                    "The virtual server \"" + id + "\" is not active; there is nothing to watch.");
        }
        final History history = tool.monitor().history();
        final Map<String, Plot> plots = new HashMap<>();
        if (row.get().servers().size() <= MAX_PLOTTED) {
            for (final TableView.ServerRow server : row.get().servers()) {
                plots.put(server.key(), Plot.of(history.connections(server.key()), History.SAMPLES, false));
            }
        }
        final Map<String, String> weights = new HashMap<>();
        for (final RealServer server : virtual.get().servers()) {
            weights.put(server.name(), configuredWeight(id, server));
        }
        return tool.show(
                exchange,
                "WATCH",
                "/virtual",
                "watch",
                Map.of(
                        "id",
                        id,
                        "service",
                        row.get(),
                        "plots",
                        plots,
                        "weights",
                        weights,
                        "connections",
                        Plot.of(history.connections(key), History.SAMPLES, false),
                        "filter",
                        RowFilter.of(exchange.query(), List.of(row.get())),
                        "opened",
                        Plot.of(history.opened(key), History.SAMPLES, false),
                        "bytes",
                        Plot.of(history.bytes(key), History.SAMPLES, true)));
    }

    /** The weight to go back to: empty while a server is not drained. */
    private String configuredWeight(String virtual, RealServer server) {
        if (server.section().value(ServerKeys.WEIGHT) != 0) {
            return "";
        }
        for (final ChangeLog.Event event : tool.log().newest(TIMELINE)) {
            if ("drain".equals(event.kind())
                    && event.text().startsWith("drained " + virtual + '/' + server.name() + ' ')) {
                final Matcher matcher = WEIGHT_WAS.matcher(event.text());
                if (matcher.find()) {
                    return matcher.group(1);
                }
            }
        }
        return "1";
    }

    private Reply check(Exchange exchange) throws IOException {
        final String id = exchange.form().value("virtual");
        final String name = exchange.form().value("server");
        final Optional<VirtualServer> virtual =
                virtual(tool.store().load().content().configuration(), id);
        final Optional<RealServer> server = virtual.flatMap(found -> found.servers().stream()
                .filter(real -> real.name().equals(name))
                .findFirst());
        if (virtual.isEmpty()
                || server.isEmpty()
                || server.get().section().find(ServerKeys.ADDRESS).isEmpty()) {
            return tool.message(exchange, 404, "Check now", "There is no such server in lvs.cf.");
        }
        final Checkup.Report report = Checkup.run(virtual.get(), server.get());
        tool.journal(
                exchange,
                "check",
                "checked " + id + '/' + name + ": " + (report.up() ? "up" : "down") + ", " + report.reason());
        return tool.show(
                exchange, "Check now", "/virtual", "check", Map.of("id", id, "server", name, "report", report));
    }

    /** Sets the weight in lvs.cf and applies it at once; the former weight stands in the journal. */
    private Reply drain(Exchange exchange) throws IOException {
        final String id = exchange.form().value("virtual");
        final String name = exchange.form().value("server");
        final boolean restore = "restore".equals(exchange.form().value("action"));
        final ConfigStore.Loaded loaded = tool.store().load();
        final LvsCfDocument document = loaded.document();
        final Optional<Block> server =
                ServerPanels.virtual(document, id).flatMap(block -> block.block(BlockKind.SERVER, name));
        if (server.isEmpty()) {
            return tool.message(exchange, 404, "Drain", "There is no such server in lvs.cf.");
        }
        final String was = server.get().value("weight").orElse("1");
        final String weight = restore ? exchange.form().value("weight") : "0";
        if (!weight.matches("[0-9]{1,5}")) {
            return tool.message(exchange, 400, "Drain", "The weight is not a number.");
        }
        final String back = "/watch?name=" + Blocks.encode(id);
        server.get().set("weight", weight);
        final String what = (restore ? "restored " : "drained ")
                + id
                + '/'
                + name
                + ' '
                + (restore ? "to weight " + weight : "(weight was " + was + ")");
        if (!restore && "0".equals(was)) {
            exchange.loggedIn().notice("The server is drained already.");
            return Reply.redirect(back);
        }
        try {
            tool.store().save(Editing.draft(loaded, document, what, back, back));
        } catch (ConfigStore.ConflictException e) {
            return changes.conflict(exchange, what, Map.of(), back);
        }
        tool.journal(exchange, "drain", what);
        final ControlPlane.Applied applied = tool.apply(exchange);
        exchange.loggedIn()
                .notice((restore ? "New connections reach the server again. " : "No new connections reach the server. ")
                        + applied.report());
        return Reply.redirect(back);
    }

    private Reply timeline(Exchange exchange) throws IOException {
        final String show = exchange.query().value("show");
        final List<ChangeLog.Event> all = events(tool, ALL);
        final List<ChangeLog.Event> shown = all.stream()
                .filter(event -> switch (show) {
                    case "health" -> "health".equals(event.kind());
                    case "failover" -> "failover".equals(event.kind());
                    case "changes" -> !event.from().isEmpty() || "director".equals(event.kind());
                    default -> true;
                })
                .limit(TIMELINE)
                .toList();
        return tool.show(exchange, "TIMELINE", "/timeline", "timeline", Map.of("events", shown, "show", show));
    }

    /** Changes and events of the director together, newest first. */
    public static List<ChangeLog.Event> events(Tool tool, int count) {
        final List<ChangeLog.Event> events = new ArrayList<>(tool.log().newest(count));
        events.addAll(tool.control().events(count));
        events.sort(Comparator.comparingLong(ChangeLog.Event::timeMs).reversed());
        return List.copyOf(events.subList(0, Math.min(count, events.size())));
    }
}
