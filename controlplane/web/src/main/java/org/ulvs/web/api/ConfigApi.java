// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.api;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.ulvs.control.lvscf.Block;
import org.ulvs.control.lvscf.BlockIds;
import org.ulvs.control.lvscf.BlockKind;
import org.ulvs.control.lvscf.Directive;
import org.ulvs.control.lvscf.Finding;
import org.ulvs.control.lvscf.Keys;
import org.ulvs.control.lvscf.LvsCf;
import org.ulvs.control.lvscf.LvsCfDocument;
import org.ulvs.web.edit.ConfigStore;
import org.ulvs.web.edit.Draft;
import org.ulvs.web.edit.LineDiff;
import org.ulvs.web.edit.MarkRules;
import org.ulvs.web.edit.Preview;
import org.ulvs.web.http.Exchange;
import org.ulvs.web.http.Problems;
import org.ulvs.web.http.Reply;
import org.ulvs.web.http.Routes;
import org.ulvs.web.panel.Drain;
import org.ulvs.web.panel.Tool;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;

/**
 * Edits of lvs.cf and of the mark rules. Objects have lvs.cf's own keys. A change names the version it was made from
 * (If-Match with the ETag of a reading) and may be tried first ({@code ?dryRun=true}).
 */
final class ConfigApi {
    private static final String FAILOVERS = Answers.ROOT + "/failover-services";
    private static final String RULES = Answers.ROOT + "/mark-rules";

    private final Tool tool;
    private final MarkRules rules;

    ConfigApi(Tool tool) {
        this.tool = tool;
        this.rules = new MarkRules(tool.store());
    }

    void addTo(Routes routes) {
        final Routes.Access access = Routes.Access.API;
        services(routes, Answers.VIRTUALS, BlockKind.VIRTUAL);
        services(routes, FAILOVERS, BlockKind.FAILOVER);
        final String servers = Answers.VIRTUALS + "/*/servers";
        routes.get(Answers.ROOT + "/config", access, this::config)
                .get(
                        servers,
                        access,
                        exchange -> read(document -> service(document, exchange, BlockKind.VIRTUAL)
                                .map(virtual -> objects(virtual.blocks(BlockKind.SERVER)))))
                .get(
                        servers + "/*",
                        access,
                        exchange -> read(document -> server(document, exchange).map(ConfigApi::object)))
                .add(
                        "PUT",
                        Answers.ROOT + "/global",
                        access,
                        exchange -> edit(exchange, document -> Optional.of(document.file()), "GLOBAL SETTINGS"))
                .post(
                        servers,
                        access,
                        exchange -> add(
                                exchange, document -> service(document, exchange, BlockKind.VIRTUAL), BlockKind.SERVER))
                .add(
                        "PUT",
                        servers + "/*",
                        access,
                        exchange -> edit(exchange, document -> server(document, exchange), nameOfServer(exchange)))
                .add("DELETE", servers + "/*", access, this::deleteServer)
                .post(servers + "/*/drain", access, exchange -> drain(exchange, false))
                .post(servers + "/*/restore", access, exchange -> drain(exchange, true))
                .get(RULES, access, exchange -> markRules())
                .add("PUT", RULES, access, this::putMarkRules);
    }

    private void services(Routes routes, String path, BlockKind kind) {
        final Routes.Access access = Routes.Access.API;
        routes.get(
                        path,
                        access,
                        exchange -> read(
                                document -> Optional.of(objects(document.file().blocks(kind)))))
                .post(path, access, exchange -> add(exchange, document -> Optional.of(document.file()), kind))
                .get(
                        path + "/*",
                        access,
                        exchange -> read(
                                document -> service(document, exchange, kind).map(ConfigApi::object)))
                .add(
                        "PUT",
                        path + "/*",
                        access,
                        exchange -> edit(
                                exchange,
                                document -> service(document, exchange, kind),
                                kind.keyword() + ' ' + exchange.matched().get(0)))
                .add("DELETE", path + "/*", access, exchange -> deleteService(exchange, kind));
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
            object.put("servers", objects(block.blocks(BlockKind.SERVER)));
        }
        return object;
    }

    private static List<Map<String, Object>> objects(List<Block> blocks) {
        return blocks.stream().map(ConfigApi::object).toList();
    }

    private Reply config(Exchange exchange) throws IOException {
        final ConfigStore.Loaded loaded = tool.store().load();
        final LvsCfDocument document = loaded.content().document();
        final Map<String, Object> config = new LinkedHashMap<>();
        config.put("global", object(document.file()));
        config.put("virtualServers", objects(document.virtualServers()));
        config.put("failoverServices", objects(document.failoverServices()));
        config.put(
                "findings",
                loaded.content().findings().stream()
                        .map(finding -> finding.describe("lvs.cf"))
                        .toList());
        return Answers.tagged(Answers.ok(config), loaded.hash());
    }

    /** A part of lvs.cf, with the version of the whole. */
    private Reply read(Function<LvsCfDocument, Optional<?>> part) throws IOException {
        final ConfigStore.Loaded loaded = tool.store().load();
        return part.apply(loaded.content().document())
                .map(found -> Answers.tagged(Answers.ok(found), loaded.hash()))
                .orElseGet(Answers::missing);
    }

    private static Optional<Block> service(LvsCfDocument document, Exchange exchange, BlockKind kind) {
        return BlockIds.find(document.file().blocks(kind), exchange.matched().get(0));
    }

    private static Optional<Block> server(LvsCfDocument document, Exchange exchange) {
        return service(document, exchange, BlockKind.VIRTUAL)
                .flatMap(block -> BlockIds.find(
                        block.blocks(BlockKind.SERVER), exchange.matched().get(1)));
    }

    private static String nameOfServer(Exchange exchange) {
        return "server " + exchange.matched().get(1) + " of virtual "
                + exchange.matched().get(0);
    }

    /** A change of a document, and the block that it is about; empty where that does not exist. */
    private interface Change {
        Optional<Block> apply(LvsCfDocument document);
    }

    /** Sets the keys that are given; null removes one; keys that are not named stay. */
    private Reply edit(Exchange exchange, Change finder, String what) throws IOException {
        return withBody(
                exchange,
                wanted -> change(
                        exchange,
                        document -> {
                            final Optional<Block> block = finder.apply(document);
                            block.ifPresent(found -> fill(found, wanted));
                            return block;
                        },
                        "changed " + what,
                        200));
    }

    /** What is done with the object that was sent. */
    private interface Edit {
        Reply with(Map<String, Object> wanted) throws IOException;
    }

    private static Reply withBody(Exchange exchange, Edit edit) throws IOException {
        final Optional<Map<String, Object>> wanted;
        try {
            wanted = Optional.ofNullable(
                    Answers.JSON.readValue(exchange.body(), new TypeReference<LinkedHashMap<String, Object>>() {}));
        } catch (JacksonException e) {
            return Problems.reply(400, "the body is not a JSON object");
        }
        return wanted.isPresent() ? edit.with(wanted.get()) : Problems.reply(400, "the body is not a JSON object");
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

    private Reply add(Exchange exchange, Change parent, BlockKind kind) throws IOException {
        return withBody(exchange, wanted -> add(exchange, parent, kind, wanted));
    }

    private Reply add(Exchange exchange, Change parent, BlockKind kind, Map<String, Object> wanted) throws IOException {
        final String what = kind.keyword();
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

    private Reply deleteService(Exchange exchange, BlockKind kind) throws IOException {
        return change(
                exchange,
                document -> {
                    final Optional<Block> block = service(document, exchange, kind);
                    block.ifPresent(document.file()::removeBlock);
                    return block;
                },
                "deleted " + kind.keyword() + ' ' + exchange.matched().get(0),
                200);
    }

    private Reply deleteServer(Exchange exchange) throws IOException {
        return change(
                exchange,
                document -> {
                    final Optional<Block> block = server(document, exchange);
                    block.ifPresent(found -> service(document, exchange, BlockKind.VIRTUAL)
                            .ifPresent(parent -> parent.removeBlock(found)));
                    return block;
                },
                "deleted " + nameOfServer(exchange),
                200);
    }

    /** Why a change of a version cannot be made; empty where it can. */
    private static Optional<Reply> refused(Exchange exchange, String hash) {
        final String match = exchange.header("if-match").replace("\"", "");
        if (match.isEmpty()) {
            return Optional.of(
                    Problems.reply(428, "name the version that you change: If-Match with the ETag of a reading"));
        }
        return match.equals(hash) || "*".equals(match)
                ? Optional.empty()
                : Optional.of(Problems.reply(412, "it has been changed by somebody else meanwhile"));
    }

    private static boolean isTrial(Exchange exchange) {
        return "true".equals(exchange.query().value("dryRun"));
    }

    private Reply change(Exchange exchange, Change change, String summary, int status) throws IOException {
        return change(exchange, change, "config", summary, status);
    }

    private Reply change(Exchange exchange, Change change, String kind, String summary, int status) throws IOException {
        final ConfigStore.Loaded loaded = tool.store().load();
        final Optional<Reply> refused = refused(exchange, loaded.hash());
        if (refused.isPresent()) {
            return refused.get();
        }
        final LvsCfDocument document = loaded.document();
        try {
            if (change.apply(document).isEmpty()) {
                return Answers.missing();
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
        if (isTrial(exchange)) {
            return Answers.ok(preview);
        }
        final String hash;
        try {
            hash = tool.store().save(draft);
        } catch (ConfigStore.ConflictException e) {
            return Problems.reply(412, String.valueOf(e.getMessage()));
        }
        tool.journal(exchange, kind, summary + " (serial_no " + preview.serial() + ")");
        return Answers.tagged(Answers.json(status, preview), hash);
    }

    private Reply drain(Exchange exchange, boolean undo) throws IOException {
        final String virtual = exchange.matched().get(0);
        final String server = exchange.matched().get(1);
        final Optional<Block> present = server(tool.store().load().content().document(), exchange);
        if (present.isEmpty()) {
            return Answers.missing();
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
        if (changed.status() != 200 || isTrial(exchange)) {
            return changed;
        }
        return Answers.applied(tool, exchange, drain.apply(exchange));
    }

    /** Both files have a version; a change of the rules names that of the rules. */
    private Reply markRules() throws IOException {
        final MarkRules.Loaded now = rules.load(tool.store().load());
        return Answers.tagged(Answers.ok(Map.of("file", now.file().toString(), "rules", now.text())), now.hash());
    }

    private Reply putMarkRules(Exchange exchange) throws IOException {
        return withBody(exchange, wanted -> putMarkRules(exchange, wanted));
    }

    private Reply putMarkRules(Exchange exchange, Map<String, Object> wanted) throws IOException {
        final ConfigStore.Loaded loaded = tool.store().load();
        final MarkRules.Loaded now = rules.load(loaded);
        final Optional<Reply> refused = refused(exchange, now.hash());
        if (refused.isPresent()) {
            return refused.get();
        }
        if (!(wanted.get("rules") instanceof String text)) {
            return Problems.reply(422, "the text of the rules is missing", Map.of("rules", "is missing"));
        }
        final List<String> errors = rules.problems(now, text);
        if (!errors.isEmpty()) {
            return Problems.reply(422, String.join(" ", errors));
        }
        final Map<String, Object> preview = Map.of("lines", LineDiff.between(now.text(), text));
        if (isTrial(exchange)) {
            return Answers.ok(preview);
        }
        final String summary = "changed the mark rules";
        try {
            rules.save(rules.draft(loaded, now, text, summary, ""));
        } catch (ConfigStore.ConflictException e) {
            return Problems.reply(412, String.valueOf(e.getMessage()));
        }
        final ConfigStore.Loaded written = tool.store().load();
        tool.journal(exchange, "config", summary + " in " + now.file() + " (serial_no " + written.serial() + ")");
        return Answers.tagged(Answers.ok(preview), rules.load(written).hash());
    }
}
