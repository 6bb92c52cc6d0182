// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.panel;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ulvs.control.lvscf.Block;
import org.ulvs.control.lvscf.BlockIds;
import org.ulvs.control.lvscf.Configuration;
import org.ulvs.control.lvscf.LvsCfDocument;
import org.ulvs.control.lvscf.RealServer;
import org.ulvs.control.lvscf.ServerKeys;
import org.ulvs.control.lvscf.VirtualServer;
import org.ulvs.web.edit.ConfigStore;
import org.ulvs.web.edit.ConfiguredServer;
import org.ulvs.web.http.Exchange;
import org.ulvs.web.http.Reply;
import org.ulvs.web.http.Routes;
import org.ulvs.web.live.ChangeLog;
import org.ulvs.web.live.Checkup;
import org.ulvs.web.live.ControlPlane;
import org.ulvs.web.live.History;

/** WATCH: one virtual server, or one of its real servers, with plots; check now, and drain. */
public final class WatchPanel {
    private static final String TITLE = "WATCH";
    private static final String TAB = "/virtual";
    private static final int MAX_PLOTTED = 100;
    private static final int EVENTS = 12;
    private static final int JOURNAL = 3_000;

    private final Tool tool;
    private final Changes changes;

    /** The panel. */
    public WatchPanel(Tool tool, Changes changes) {
        this.tool = tool;
        this.changes = changes;
    }

    /** Its routes. */
    public void addTo(Routes routes) {
        routes.get("/watch", Routes.Access.SESSION, this::watch)
                .post("/check", Routes.Access.SESSION, this::check)
                .post("/drain", Routes.Access.SESSION, this::drain);
    }

    private Configuration configuration() throws IOException {
        return tool.store().load().content().configuration();
    }

    private Reply watch(Exchange exchange) throws IOException {
        final String id = exchange.query().value("name");
        final Optional<VirtualServer> virtual = ConfiguredServer.virtual(configuration(), id);
        if (virtual.isEmpty()) {
            return tool.message(exchange, 404, TITLE, "There is no virtual \"" + id + "\" in lvs.cf.");
        }
        final String key = TableView.key(virtual.get());
        final Optional<TableView.ServiceRow> row = tool.rows().now().stream()
                .filter(service -> service.key().equals(key))
                .findFirst();
        if (row.isEmpty()) {
            return tool.message(
                    exchange,
                    200,
                    TITLE,
                    "The virtual server \"" + id + "\" is not active; there is nothing to watch.");
        }
        final Map<String, String> weights = new HashMap<>();
        final List<RealServer> servers = virtual.get().servers();
        final List<String> ids = BlockIds.of(servers, RealServer::name);
        for (int i = 0; i < ids.size(); i++) {
            if (servers.get(i).weight() == 0) {
                weights.put(ids.get(i), Drain.formerWeight(tool, id, ids.get(i)));
            }
        }
        final String server = exchange.query().value("server");
        return server.isEmpty()
                ? service(exchange, id, row.get(), weights)
                : server(exchange, id, row.get(), server, weights);
    }

    private Reply service(Exchange exchange, String id, TableView.ServiceRow service, Map<String, String> weights)
            throws IOException {
        final History history = tool.monitor().history();
        final Map<String, Plot> sparks = new HashMap<>();
        if (service.servers().size() <= MAX_PLOTTED) {
            for (final TableView.ServerRow server : service.servers()) {
                sparks.put(server.key(), Plot.spark(history, server.key()));
            }
        }
        return tool.show(
                exchange,
                TITLE,
                TAB,
                "watch",
                Map.of(
                        "id",
                        id,
                        "service",
                        service,
                        "plots",
                        Plot.all(history, service.key()),
                        "sparks",
                        sparks,
                        "weights",
                        weights,
                        "filter",
                        RowFilter.of(exchange.query(), List.of(service))));
    }

    private Reply server(
            Exchange exchange, String id, TableView.ServiceRow service, String name, Map<String, String> weights)
            throws IOException {
        final Optional<TableView.ServerRow> server = service.servers().stream()
                .filter(row -> row.name().equals(name))
                .findFirst();
        if (server.isEmpty()) {
            return tool.message(
                    exchange, 404, TITLE, "There is no active server \"" + name + "\" in virtual \"" + id + "\".");
        }
        final String label = id + '/' + name;
        final List<ChangeLog.Event> events = MonitorPanels.events(tool, JOURNAL).stream()
                .filter(event -> (event.text() + ' ').replace(':', ' ').contains(label + ' '))
                .limit(EVENTS)
                .toList();
        return tool.show(
                exchange,
                TITLE,
                TAB,
                "watch-server",
                Map.of(
                        "id",
                        id,
                        "server",
                        server.get(),
                        "plots",
                        Plot.all(tool.monitor().history(), server.get().key()),
                        "weight",
                        weights.getOrDefault(name, ""),
                        "events",
                        events));
    }

    private Reply check(Exchange exchange) throws IOException {
        final String id = exchange.form().value("virtual");
        final String name = exchange.form().value("server");
        final Optional<ConfiguredServer> server = ConfiguredServer.find(configuration(), id, name)
                .filter(found ->
                        found.server().section().find(ServerKeys.ADDRESS).isPresent());
        if (server.isEmpty()) {
            return tool.message(exchange, 404, "Check now", "There is no such server in lvs.cf.");
        }
        final Checkup.Report report = tool.check(exchange, id, name, server.get());
        return tool.show(exchange, "Check now", TAB, "check", Map.of("id", id, "server", name, "report", report));
    }

    private Reply drain(Exchange exchange) throws IOException {
        final String id = exchange.form().value("virtual");
        final String name = exchange.form().value("server");
        final ConfigStore.Loaded loaded = tool.store().load();
        final LvsCfDocument document = loaded.document();
        final Optional<Block> server = ServerPanels.server(document, id, name);
        if (server.isEmpty()) {
            return tool.message(exchange, 404, "Drain", "There is no such server in lvs.cf.");
        }
        final String back = "/watch?name=" + Links.encode(id)
                + (exchange.form().has("alone") ? "&server=" + Links.encode(name) : "");
        final boolean undo = "restore".equals(exchange.form().value("action"));
        if (!undo && "0".equals(server.get().value("weight").orElse("1"))) {
            exchange.loggedIn().notice("The server is drained already.");
            return Reply.redirect(back);
        }
        final Drain drain = undo ? Drain.undoing(tool, id, name) : Drain.of(tool, id, name);
        final String summary = drain.summary(server.get());
        drain.edit(document, server.get());
        try {
            tool.store().save(Editing.draft(loaded, document, summary, back, back));
        } catch (ConfigStore.ConflictException e) {
            return changes.conflict(exchange, summary, Map.of(), back);
        }
        tool.journal(exchange, Drain.KIND, summary);
        final ControlPlane.Applied applied = drain.apply(exchange);
        exchange.loggedIn().notice((applied.done() ? drain.effect() + ' ' : "") + applied.report());
        return Reply.redirect(back);
    }
}
