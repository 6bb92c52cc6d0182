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
import org.ulvs.web.edit.Draft;
import org.ulvs.web.edit.Field;
import org.ulvs.web.edit.FieldGroup;
import org.ulvs.web.edit.Fields;
import org.ulvs.web.http.Exchange;
import org.ulvs.web.http.Reply;
import org.ulvs.web.http.Routes;
import org.ulvs.web.live.ControlPlane;

/** VIRTUAL SERVERS and FAILOVER: the list, the service's own panel, and its monitoring scripts. */
public final class ServicePanels {
    private final Tool tool;
    private final Changes changes;
    private final ListButtons buttons;
    private final BlockKind kind;
    private final String root;
    private final String title;

    /**
     * The panels of one kind of service.
     *
     * @param kind virtual or failover
     */
    public ServicePanels(Tool tool, Changes changes, BlockKind kind) {
        this.tool = tool;
        this.changes = changes;
        this.buttons = new ListButtons(tool, changes);
        this.kind = kind;
        this.root = kind == BlockKind.VIRTUAL ? "/virtual" : "/failover";
        this.title = kind == BlockKind.VIRTUAL ? "VIRTUAL SERVERS" : "FAILOVER";
    }

    /** Their routes. */
    public void addTo(Routes routes) {
        routes.get(root, Routes.Access.SESSION, this::list)
                .post(root, Routes.Access.SESSION, this::command)
                .get(root + "/new", Routes.Access.SESSION, this::add)
                .post(root + "/new", Routes.Access.SESSION, this::acceptNew)
                .get(root + "/edit", Routes.Access.SESSION, exchange -> edit(exchange, false))
                .post(root + "/edit", Routes.Access.SESSION, exchange -> accept(exchange, false))
                .get(root + "/scripts", Routes.Access.SESSION, exchange -> edit(exchange, true))
                .post(root + "/scripts", Routes.Access.SESSION, exchange -> accept(exchange, true));
    }

    private List<FieldGroup> groups(boolean scripts) {
        if (kind == BlockKind.VIRTUAL) {
            return scripts ? Fields.SCRIPTS : Fields.VIRTUAL;
        }
        return scripts ? Fields.FAILOVER_SCRIPTS : Fields.FAILOVER;
    }

    /**
     * A line of the list.
     *
     * @param id of the block
     * @param active whether it is in use
     * @param vip virtual IP
     * @param mask its netmask
     * @param port number or name
     * @param protocol of the service
     * @param device of the virtual IP
     * @param mark firewall mark, empty for none
     * @param servers how many servers it has in use
     * @param up how many of them are up, -1 where it is not known
     */
    public record Row(
            String id,
            boolean active,
            String vip,
            String mask,
            String port,
            String protocol,
            String device,
            String mark,
            int servers,
            int up) {}

    private Reply list(Exchange exchange) throws IOException {
        final ConfigStore.Loaded loaded = tool.store().load();
        final List<Block> blocks = loaded.content().document().file().blocks(kind);
        final List<String> ids = BlockIds.ofBlocks(blocks);
        final Map<String, ControlPlane.Health> health = tool.control().health();
        final List<VirtualServer> read =
                kind == BlockKind.VIRTUAL ? loaded.content().configuration().virtualServers() : List.of();
        final List<Row> rows = new ArrayList<>();
        for (int i = 0; i < blocks.size(); i++) {
            rows.add(row(ids.get(i), blocks.get(i), i < read.size() ? up(read.get(i), health) : -1));
        }
        return tool.show(
                exchange,
                title,
                root,
                "services",
                Map.of("root", root, "rows", rows, "base", loaded.hash(), "virtual", kind == BlockKind.VIRTUAL));
    }

    /** How many servers of a virtual server are up, -1 where it is not known. */
    private static int up(VirtualServer virtual, Map<String, ControlPlane.Health> health) {
        return health.isEmpty()
                ? -1
                : (int) virtual.activeServers().stream()
                        .map(server -> TableView.health(health, virtual, server))
                        .filter(state -> state != null && state.up())
                        .count();
    }

    private static Row row(String id, Block block, int up) {
        final String[] address = block.value("address").orElse("").split(" ", 2);
        final int servers = (int) block.blocks(BlockKind.SERVER).stream()
                .filter(ServicePanels::isActive)
                .count();
        return new Row(
                id,
                isActive(block),
                address[0],
                block.value("vip_nmask").orElse(""),
                block.value("port").orElse("80"),
                block.value("protocol").orElse("tcp"),
                address.length > 1 ? address[1] : "",
                block.value("fwmark").filter(mark -> !"0".equals(mark)).orElse(""),
                servers,
                up);
    }

    static boolean isActive(Block block) {
        return block.value("active").orElse("0").equals("1");
    }

    private Reply command(Exchange exchange) throws IOException {
        return buttons.press(
                exchange,
                new ListButtons.Listed(
                        root,
                        root + "/new",
                        id -> root + "/edit?name=" + Links.encode(id),
                        document -> Optional.of(document.file()),
                        kind,
                        ""));
    }

    private Reply add(Exchange exchange) throws IOException {
        final List<FieldGroup> groups = groups(false);
        final FormView form = new FormView(
                root + "/new",
                groups,
                BlockForm.initial(Fields.all(groups)),
                Map.of(),
                tool.store().load().hash(),
                root);
        return showForm(exchange, 200, form, "", "new");
    }

    private String heading(String section) {
        if ("scripts".equals(section)) {
            return "EDIT MONITORING SCRIPTS";
        }
        return kind == BlockKind.VIRTUAL ? "VIRTUAL SERVER" : "FAILOVER SERVICE";
    }

    private Reply showForm(Exchange exchange, int status, FormView form, String id, String section) throws IOException {
        return tool.renderer()
                .page(
                        status,
                        "service",
                        tool.page(exchange, heading(section), root),
                        Map.of(
                                "form",
                                form,
                                "root",
                                root,
                                "id",
                                id,
                                "section",
                                section,
                                "virtual",
                                kind == BlockKind.VIRTUAL));
    }

    private Reply acceptNew(Exchange exchange) throws IOException {
        final List<FieldGroup> groups = groups(false);
        final List<Field> fields = Fields.all(groups);
        final Editing.Outcome outcome = Editing.fields(
                tool.store(),
                exchange,
                document -> Optional.of(newBlock(document)),
                fields,
                true,
                "added " + kind.keyword() + " %",
                root + "/new",
                root);
        return finish(exchange, outcome, groups, "", "new", root + "/new", root);
    }

    /** As Piranha makes it: off, and with the check of a web server. */
    private Block newBlock(LvsCfDocument document) {
        final Block block = document.file().addBlock(kind, "[server_name]");
        block.set("active", "0");
        for (final Field field : Fields.all(groups(true))) {
            if (!field.initial().isEmpty()) {
                block.set(field.key(), field.initial());
            }
        }
        return block;
    }

    private Reply edit(Exchange exchange, boolean scripts) throws IOException {
        final String id = exchange.query().value("name");
        final ConfigStore.Loaded loaded = tool.store().load();
        final Optional<Block> block =
                BlockIds.find(loaded.content().document().file().blocks(kind), id);
        if (block.isEmpty()) {
            return tool.message(exchange, 404, title, "There is no " + kind.keyword() + " \"" + id + "\" in lvs.cf.");
        }
        final List<FieldGroup> groups = groups(scripts);
        final String section = scripts ? "scripts" : "edit";
        final FormView form = new FormView(
                root + '/' + section + "?name=" + Links.encode(id),
                groups,
                BlockForm.values(block.get(), Fields.all(groups)),
                Map.of(),
                loaded.hash(),
                root);
        final Map<String, String> others =
                BlockForm.others(block.get(), Fields.keys(groups(false), groups(true), "active"));
        return showForm(exchange, 200, scripts ? form : form.with(others), id, section);
    }

    private Reply accept(Exchange exchange, boolean scripts) throws IOException {
        final String id = exchange.query().value("name");
        final List<FieldGroup> groups = groups(scripts);
        final String section = scripts ? "scripts" : "edit";
        final String path = root + '/' + section + "?name=" + Links.encode(id);
        final String newName = scripts ? id : exchange.form().value("name").replaceAll("[ \\t]+", "_");
        final Editing.Outcome outcome = Editing.fields(
                tool.store(),
                exchange,
                document -> BlockIds.find(document.file().blocks(kind), id),
                Fields.all(groups),
                false,
                "changed " + (scripts ? "the monitoring scripts of " : "") + kind.keyword() + " %",
                path,
                root + '/' + section + "?name=" + Links.encode(newName));
        return finish(exchange, outcome, groups, id, section, path, path);
    }

    private Reply finish(
            Exchange exchange,
            Editing.Outcome outcome,
            List<FieldGroup> groups,
            String id,
            String section,
            String path,
            String back)
            throws IOException {
        final Map<String, String> sent = BlockForm.sent(exchange.form(), Fields.all(groups));
        if (outcome.gone()) {
            return changes.conflict(exchange, "Your changes to " + (id.isEmpty() ? "a new service" : id), sent, back);
        }
        final Optional<Draft> draft = outcome.draft();
        if (draft.isPresent()) {
            return changes.preview(exchange, draft.get());
        }
        final FormView form = new FormView(
                path, groups, sent, outcome.errors(), exchange.form().value("base"), root);
        return showForm(exchange, 422, form, id, section);
    }
}
