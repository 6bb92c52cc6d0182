// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.api;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ulvs.control.lvscf.Block;
import org.ulvs.control.lvscf.BlockKind;
import org.ulvs.control.lvscf.Directive;
import org.ulvs.control.lvscf.Finding;
import org.ulvs.control.lvscf.Keys;
import org.ulvs.control.lvscf.LvsCf;
import org.ulvs.control.lvscf.LvsCfDocument;
import org.ulvs.control.lvscf.RealServer;
import org.ulvs.control.lvscf.VirtualServer;
import org.ulvs.web.edit.ConfigStore;
import org.ulvs.web.edit.Draft;
import org.ulvs.web.edit.Preview;
import org.ulvs.web.http.Exchange;
import org.ulvs.web.http.Problems;
import org.ulvs.web.http.Reply;
import org.ulvs.web.http.Routes;
import org.ulvs.web.live.Checkup;
import org.ulvs.web.live.ControlPlane;
import org.ulvs.web.panel.Drain;
import org.ulvs.web.panel.MonitorPanels;
import org.ulvs.web.panel.Tool;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The REST interface: what the panels do, as JSON. Objects of lvs.cf have its own keys. A change names the
 * version it was
 * made from (If-Match with the ETag of a reading) and may be tried first ({@code ?dryRun=true}).
 */
public final class Api {
    private static final String ROOT = "/api/v1";
    private static final String VIRTUALS = ROOT + "/virtual-servers";
    private static final int EVENTS = 300;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Tool tool;

    /** Over what the panels share. */
    public Api(Tool tool) {
        this.tool = tool;
    }

    /** The routes. */
    public void addTo(Routes routes) {
        final Routes.Access access = Routes.Access.API;
        final Reply description = Reply.json(200, resource());
        routes.get(ROOT + "/openapi.json", access, exchange -> description)
                .get(ROOT + "/status", access, this::status)
                .get(ROOT + "/table", access, this::table)
                .get(ROOT + "/events", access, exchange -> ok(MonitorPanels.events(tool, EVENTS)))
                .get(ROOT + "/config", access, this::config)
                .add(
                        "PUT",
                        ROOT + "/global",
                        access,
                        exchange -> edit(exchange, LvsCfDocument::file, "GLOBAL SETTINGS"))
                .post(VIRTUALS, access, this::addVirtual)
                .get(VIRTUALS, access, this::virtuals)
                .get(VIRTUALS + "/*", access, this::virtual)
                .add("PUT", VIRTUALS + "/*", access, this::putVirtual)
                .add("DELETE", VIRTUALS + "/*", access, this::deleteVirtual)
                .post(VIRTUALS + "/*/servers", access, this::addServer)
                .add("PUT", VIRTUALS + "/*/servers/*", access, this::putServer)
                .add("DELETE", VIRTUALS + "/*/servers/*", access, this::deleteServer)
                .post(VIRTUALS + "/*/servers/*/drain", access, exchange -> drain(exchange, false))
                .post(VIRTUALS + "/*/servers/*/restore", access, exchange -> drain(exchange, true))
                .post(VIRTUALS + "/*/servers/*/check", access, this::check)
                .post(ROOT + "/apply", access, this::apply);
    }

    private static byte[] resource() {
        try (InputStream in = Api.class.getResourceAsStream("/org/ulvs/web/openapi.json")) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks openapi.json");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Reply ok(Object value) {
        return Reply.json(200, JSON.writeValueAsBytes(value));
    }

    private Reply status(Exchange exchange) throws IOException {
        final Map<String, Object> status = new LinkedHashMap<>();
        status.put("directors", tool.control().directors());
        status.put("processes", tool.control().processes());
        status.put("serial", tool.store().load().serial());
        status.put("appliedSerial", tool.control().appliedSerial());
        status.put("dataplane", tool.monitor().table().running());
        return ok(status);
    }

    private Reply table(Exchange exchange) throws IOException {
        return ok(tool.rows().now());
    }

    /** A block as an object: its keys, and its blocks below their keyword. */
    private static Map<String, Object> object(Block block) {
        final Map<String, Object> object = new LinkedHashMap<>();
        if (!block.name().isEmpty()) {
            object.put("name", block.name());
        }
        for (final Directive directive : block.directives()) {
            object.put(directive.key(), block.value(directive.key()).orElse(""));
        }
        if (block.kind() == BlockKind.VIRTUAL) {
            object.put(
                    "servers",
                    block.blocks(BlockKind.SERVER).stream().map(Api::object).toList());
        }
        return object;
    }

    private Reply config(Exchange exchange) throws IOException {
        final ConfigStore.Loaded loaded = tool.store().load();
        final LvsCfDocument document = loaded.content().document();
        final Map<String, Object> config = new LinkedHashMap<>();
        config.put("global", object(document.file()));
        config.put(
                "virtualServers",
                document.virtualServers().stream().map(Api::object).toList());
        config.put(
                "failoverServices",
                document.failoverServices().stream().map(Api::object).toList());
        config.put(
                "findings",
                loaded.content().findings().stream()
                        .map(finding -> finding.describe("lvs.cf"))
                        .toList());
        return tagged(ok(config), loaded.hash());
    }

    private static Reply tagged(Reply reply, String hash) {
        return reply.with("ETag", '"' + hash + '"');
    }

    private Reply virtuals(Exchange exchange) throws IOException {
        final ConfigStore.Loaded loaded = tool.store().load();
        return tagged(
                ok(loaded.content().document().virtualServers().stream()
                        .map(Api::object)
                        .toList()),
                loaded.hash());
    }

    private static Optional<Block> virtual(LvsCfDocument document, Exchange exchange) {
        return document.file().block(BlockKind.VIRTUAL, exchange.matched().get(0));
    }

    private static Optional<Block> server(LvsCfDocument document, Exchange exchange) {
        return virtual(document, exchange)
                .flatMap(block ->
                        block.block(BlockKind.SERVER, exchange.matched().get(1)));
    }

    private Reply virtual(Exchange exchange) throws IOException {
        final ConfigStore.Loaded loaded = tool.store().load();
        return virtual(loaded.content().document(), exchange)
                .map(block -> tagged(ok(object(block)), loaded.hash()))
                .orElseGet(Api::missing);
    }

    private static Reply missing() {
        return Problems.reply(404, "there is no such virtual server or real server in lvs.cf");
    }

    /** A change of a document; null where its object does not exist. */
    private interface Change {
        Optional<Block> apply(LvsCfDocument document);
    }

    private Reply putVirtual(Exchange exchange) throws IOException {
        return edit(
                exchange,
                document -> virtual(document, exchange).orElse(null),
                "virtual " + exchange.matched().get(0));
    }

    private Reply putServer(Exchange exchange) throws IOException {
        return edit(
                exchange,
                document -> server(document, exchange).orElse(null),
                "server " + exchange.matched().get(1) + " of virtual "
                        + exchange.matched().get(0));
    }

    /** Finds the block to edit. */
    private interface Finder {
        @org.jspecify.annotations.Nullable
        Block find(LvsCfDocument document);
    }

    /** Sets the keys that are given; null removes one; keys that are not named stay. */
    private Reply edit(Exchange exchange, Finder finder, String what) throws IOException {
        final Map<String, Object> wanted;
        try {
            wanted = body(exchange);
        } catch (JacksonException e) {
            return Problems.reply(400, "the body is not a JSON object");
        }
        return change(
                exchange,
                document -> {
                    final Block block = finder.find(document);
                    if (block != null) {
                        fill(block, wanted);
                    }
                    return Optional.ofNullable(block);
                },
                "changed " + what,
                200);
    }

    private static Map<String, Object> body(Exchange exchange) {
        return JSON.readValue(exchange.body(), new TypeReference<LinkedHashMap<String, Object>>() {});
    }

    private static void fill(Block block, Map<String, Object> wanted) {
        for (final Map.Entry<String, Object> entry : wanted.entrySet()) {
            final String key = entry.getKey();
            if ("name".equals(key)) {
                final String name = String.valueOf(entry.getValue());
                if (!name.equals(block.name())) {
                    block.rename(name);
                }
            } else if (Keys.find(block.kind(), key).isEmpty()) {
                throw new IllegalArgumentException("there is no key \"" + key + "\" here");
            } else if (entry.getValue() == null) {
                block.remove(key);
            } else if (entry.getValue() instanceof Boolean flag) {
                block.set(key, flag ? "1" : "0");
            } else if (entry.getValue() instanceof String || entry.getValue() instanceof Number) {
                block.set(key, String.valueOf(entry.getValue()));
            } else {
                throw new IllegalArgumentException("the value of \"" + key + "\" must be a string or a number");
            }
        }
    }

    private Reply addVirtual(Exchange exchange) throws IOException {
        return add(exchange, document -> Optional.of(document.file()), BlockKind.VIRTUAL, "virtual");
    }

    private Reply addServer(Exchange exchange) throws IOException {
        return add(exchange, document -> virtual(document, exchange), BlockKind.SERVER, "server");
    }

    private Reply add(Exchange exchange, Change parent, BlockKind kind, String what) throws IOException {
        final Map<String, Object> wanted;
        try {
            wanted = body(exchange);
        } catch (JacksonException e) {
            return Problems.reply(400, "the body is not a JSON object");
        }
        if (!(wanted.get("name") instanceof String name)) {
            return Problems.reply(422, "the new block needs a name", Map.of("name", "is missing"));
        }
        return change(
                exchange,
                document -> parent.apply(document).map(block -> {
                    if (block.block(kind, name).isPresent()) {
                        throw new IllegalArgumentException("there is a " + what + " \"" + name + "\" already");
                    }
                    final Block added = block.addBlock(kind, name);
                    fill(added, wanted);
                    return added;
                }),
                "added " + what + ' ' + name,
                201);
    }

    private Reply deleteVirtual(Exchange exchange) throws IOException {
        return change(
                exchange,
                document -> {
                    final Optional<Block> block = virtual(document, exchange);
                    block.ifPresent(document.file()::removeBlock);
                    return block;
                },
                "deleted virtual " + exchange.matched().get(0),
                200);
    }

    private Reply deleteServer(Exchange exchange) throws IOException {
        return change(
                exchange,
                document -> {
                    final Optional<Block> block = server(document, exchange);
                    block.ifPresent(
                            found -> virtual(document, exchange).ifPresent(parent -> parent.removeBlock(found)));
                    return block;
                },
                "deleted server " + exchange.matched().get(1) + " of virtual "
                        + exchange.matched().get(0),
                200);
    }

    private Reply change(Exchange exchange, Change change, String summary, int status) throws IOException {
        return change(exchange, change, "config", summary, status);
    }

    private Reply change(Exchange exchange, Change change, String kind, String summary, int status) throws IOException {
        final ConfigStore.Loaded loaded = tool.store().load();
        final String match = exchange.header("if-match").replace("\"", "");
        if (match.isEmpty()) {
            return Problems.reply(428, "name the version that you change: If-Match with the ETag of /api/v1/config");
        }
        if (!match.equals(loaded.hash())) {
            return Problems.reply(412, "lvs.cf has been changed by somebody else meanwhile");
        }
        final LvsCfDocument document = loaded.document();
        try {
            if (change.apply(document).isEmpty()) {
                return missing();
            }
        } catch (IllegalArgumentException e) {
            return Problems.reply(422, String.valueOf(e.getMessage()));
        }
        final LvsCf read = tool.store().read(document.text());
        final List<String> known = new ArrayList<>();
        loaded.content().errors().forEach(finding -> known.add(finding.reason()));
        final List<String> errors = read.errors().stream()
                .filter(finding -> !known.remove(finding.reason()))
                .map(Finding::reason)
                .toList();
        if (!errors.isEmpty()) {
            return Problems.reply(422, String.join("; ", errors));
        }
        final Draft draft = new Draft(loaded.hash(), loaded.text(), document.text(), loaded.charset(), summary, "", "");
        final Preview preview = Preview.of(draft, tool.store());
        if ("true".equals(exchange.query().value("dryRun"))) {
            return ok(preview);
        }
        final String hash;
        try {
            hash = tool.store().save(draft);
        } catch (ConfigStore.ConflictException e) {
            return Problems.reply(412, String.valueOf(e.getMessage()));
        }
        tool.journal(exchange, kind, summary + " (serial_no " + preview.serial() + ")");
        return tagged(Reply.json(status, JSON.writeValueAsBytes(preview)), hash);
    }

    private Reply drain(Exchange exchange, boolean undo) throws IOException {
        final String virtual = exchange.matched().get(0);
        final String server = exchange.matched().get(1);
        final Optional<Block> present = server(tool.store().load().content().document(), exchange);
        if (present.isEmpty()) {
            return missing();
        }
        final Drain drain = undo ? Drain.undoing(tool, virtual, server) : Drain.of(tool, virtual, server);
        final Reply changed = change(
                exchange,
                document -> {
                    final Optional<Block> block = server(document, exchange);
                    block.ifPresent(found -> drain.edit(document, found));
                    return block;
                },
                Drain.KIND,
                drain.summary(present.get()),
                200);
        if (changed.status() != 200 || "true".equals(exchange.query().value("dryRun"))) {
            return changed;
        }
        return applied(exchange, drain.apply(exchange));
    }

    private Reply check(Exchange exchange) throws IOException {
        final Optional<VirtualServer> virtual = tool.store().load().content().configuration().virtualServers().stream()
                .filter(found -> found.name().equals(exchange.matched().get(0)))
                .findFirst();
        final Optional<RealServer> server = virtual.flatMap(found -> found.servers().stream()
                .filter(real -> real.name().equals(exchange.matched().get(1)))
                .findFirst());
        if (virtual.isEmpty() || server.isEmpty()) {
            return missing();
        }
        return ok(Checkup.run(virtual.get(), server.get()));
    }

    private Reply apply(Exchange exchange) throws IOException {
        return applied(exchange, tool.apply(exchange));
    }

    private Reply applied(Exchange exchange, ControlPlane.Applied applied) throws IOException {
        tool.journal(exchange, "apply", applied.report());
        return Reply.json(applied.done() ? 200 : 409, JSON.writeValueAsBytes(applied));
    }
}
