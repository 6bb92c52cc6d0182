// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.panel;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ulvs.control.lvscf.Block;
import org.ulvs.control.lvscf.BlockIds;
import org.ulvs.control.lvscf.BlockKind;
import org.ulvs.control.lvscf.LvsCfDocument;
import org.ulvs.control.lvscf.VirtualServer;
import org.ulvs.web.edit.BlockForm;
import org.ulvs.web.edit.ConfigStore;
import org.ulvs.web.edit.ConfiguredServer;
import org.ulvs.web.edit.Field;
import org.ulvs.web.edit.Fields;
import org.ulvs.web.http.Exchange;
import org.ulvs.web.http.Reply;
import org.ulvs.web.http.Routes;
import org.ulvs.web.live.ControlPlane;

/** REAL SERVER: the servers of one virtual server, and the panel of one of them. */
public final class ServerPanels {
    private static final String TITLE = "REAL SERVER";
    private static final String TAB = "/virtual";

    private final Tool tool;
    private final Changes changes;
    private final ListButtons buttons;

    /** Both panels. */
    public ServerPanels(Tool tool, Changes changes) {
        this.tool = tool;
        this.changes = changes;
        this.buttons = new ListButtons(tool, changes);
    }

    /** Their routes. */
    public void addTo(Routes routes) {
        routes.get("/virtual/servers", Routes.Access.SESSION, this::list)
                .post("/virtual/servers", Routes.Access.SESSION, this::command)
                .get("/virtual/server", Routes.Access.SESSION, this::edit)
                .post("/virtual/server", Routes.Access.SESSION, this::accept);
    }

    /**
     * A line of the list.
     *
     * @param id of the block
     * @param active whether it is in use
     * @param address of the server
     * @param port empty for the virtual server's
     * @param weight as configured
     * @param health what its check says, empty where that is not known
     * @param up whether it says up
     */
    public record Row(
            String id, boolean active, String address, String port, String weight, String health, boolean up) {
        private boolean has(String text) {
            return id.contains(text) || address.contains(text);
        }
    }

    static Optional<Block> virtual(LvsCfDocument document, String id) {
        return BlockIds.find(document.file().blocks(BlockKind.VIRTUAL), id);
    }

    static Optional<Block> server(LvsCfDocument document, String virtual, String id) {
        return virtual(document, virtual).flatMap(block -> BlockIds.find(block.blocks(BlockKind.SERVER), id));
    }

    private Reply missing(Exchange exchange, String what) throws IOException {
        return tool.message(exchange, 404, TITLE, "There is no " + what + " in lvs.cf.");
    }

    private static String path(String page, String virtual) {
        return "/virtual/" + page + "?name=" + Links.encode(virtual);
    }

    private Reply list(Exchange exchange) throws IOException {
        final String id = exchange.query().value("name");
        final ConfigStore.Loaded loaded = tool.store().load();
        final Optional<Block> virtual = virtual(loaded.content().document(), id);
        if (virtual.isEmpty()) {
            return missing(exchange, "virtual \"" + id + '"');
        }
        final Map<String, ControlPlane.Health> health = tool.control().health();
        final Optional<VirtualServer> read =
                ConfiguredServer.virtual(loaded.content().configuration(), id);
        final List<Block> servers = virtual.get().blocks(BlockKind.SERVER);
        final List<String> ids = BlockIds.ofBlocks(servers);
        final List<Row> rows = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            final Block server = servers.get(i);
            final ControlPlane.Health state = read.isEmpty()
                    ? null
                    : TableView.health(health, read.get(), read.get().servers().get(i));
            rows.add(new Row(
                    ids.get(i),
                    ServicePanels.isActive(server),
                    server.value("address").orElse(""),
                    server.value("port").orElse(""),
                    server.value("weight").orElse("1"),
                    state == null ? "" : state.reason(),
                    state != null && state.up()));
        }
        final String find = exchange.query().value("find");
        final List<Row> shown = rows.stream().filter(row -> row.has(find)).toList();
        return tool.show(
                exchange,
                TITLE,
                TAB,
                "servers",
                Map.of(
                        "id",
                        id,
                        "rows",
                        shown,
                        "count",
                        rows.size(),
                        "find",
                        find,
                        "all",
                        exchange.query().has("all"),
                        "base",
                        loaded.hash()));
    }

    private Reply command(Exchange exchange) throws IOException {
        final String id = exchange.query().value("name");
        return buttons.press(
                exchange,
                new ListButtons.Listed(
                        path("servers", id),
                        path("server", id),
                        server -> path("server", id) + "&server=" + Links.encode(server),
                        document -> virtual(document, id),
                        BlockKind.SERVER,
                        " of virtual " + id));
    }

    private Reply edit(Exchange exchange) throws IOException {
        final String id = exchange.query().value("name");
        final String serverId = exchange.query().value("server");
        final ConfigStore.Loaded loaded = tool.store().load();
        final LvsCfDocument document = loaded.content().document();
        if (virtual(document, id).isEmpty()) {
            return missing(exchange, "virtual \"" + id + '"');
        }
        final List<Field> fields = Fields.all(Fields.SERVER);
        final Map<String, String> values;
        Map<String, String> others = Map.of();
        if (serverId.isEmpty()) {
            values = BlockForm.initial(fields);
        } else {
            final Optional<Block> server = server(document, id, serverId);
            if (server.isEmpty()) {
                return missing(exchange, "server \"" + serverId + '"');
            }
            values = BlockForm.values(server.get(), fields);
            others = BlockForm.others(server.get(), Fields.keys(Fields.SERVER, List.of(), "active"));
        }
        return show(exchange, 200, id, serverId, values, others, Map.of(), loaded.hash());
    }

    private Reply show(
            Exchange exchange,
            int status,
            String id,
            String serverId,
            Map<String, String> values,
            Map<String, String> others,
            Map<String, String> errors,
            String base)
            throws IOException {
        final String action = path("server", id) + (serverId.isEmpty() ? "" : "&server=" + Links.encode(serverId));
        final FormView form =
                new FormView(action, Fields.SERVER, values, errors, base, path("servers", id)).with(others);
        return tool.renderer()
                .page(
                        status,
                        "server",
                        tool.page(exchange, "EDIT REAL SERVER", TAB),
                        Map.of("form", form, "id", id, "server", serverId));
    }

    private Reply accept(Exchange exchange) throws IOException {
        final String id = exchange.query().value("name");
        final String serverId = exchange.query().value("server");
        final List<Field> fields = Fields.all(Fields.SERVER);
        final boolean isNew = serverId.isEmpty();
        final Editing.Outcome outcome = Editing.fields(
                tool.store(),
                exchange,
                document -> isNew ? virtual(document, id).map(ServerPanels::newServer) : server(document, id, serverId),
                fields,
                isNew,
                (isNew ? "added" : "changed") + " server % of virtual " + id,
                path("servers", id),
                path("servers", id));
        final Map<String, String> sent = BlockForm.sent(exchange.form(), fields);
        if (outcome.gone()) {
            return changes.conflict(exchange, "Your changes to a server of " + id, sent, path("servers", id));
        }
        if (outcome.draft().isPresent()) {
            return changes.preview(exchange, outcome.draft().get());
        }
        return show(
                exchange,
                422,
                id,
                serverId,
                sent,
                Map.of(),
                outcome.errors(),
                exchange.form().value("base"));
    }

    private static Block newServer(Block virtual) {
        return virtual.addBlock(BlockKind.SERVER, "[unnamed]").set("active", "0");
    }
}
