// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.panel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ulvs.control.lvscf.LvsCfDocument;
import org.ulvs.control.lvscf.LvsCfFile;
import org.ulvs.web.edit.ConfigStore;
import org.ulvs.web.edit.Draft;
import org.ulvs.web.edit.LineDiff;
import org.ulvs.web.edit.Preview;
import org.ulvs.web.http.Exchange;
import org.ulvs.web.http.Reply;
import org.ulvs.web.http.Routes;
import org.ulvs.web.live.ControlPlane;

/**
 * From edited mark rules to their file: preview, write, conflict. lvs.cf is written with them, be it only for its
 * serial_no, by which the other director sees that there is something newer.
 */
final class RulesChanges {
    private static final String PANEL = "/marks";
    private static final String PATH = "/marks/changes";
    private static final String WHAT = "changed the mark rules";

    private final Tool tool;
    private final Changes changes;

    RulesChanges(Tool tool, Changes changes) {
        this.tool = tool;
        this.changes = changes;
    }

    void addTo(Routes routes) {
        routes.get(PATH, Routes.Access.SESSION, this::show).post(PATH, Routes.Access.SESSION, this::write);
    }

    /**
     * Edited rules that are not written yet.
     *
     * @param file of the rules
     * @param baseHash of the file that they were made from
     * @param before that file
     * @param after the edited rules
     * @param configuration lvs.cf, which names the file
     */
    private record RulesDraft(Path file, String baseHash, String before, String after, Draft configuration) {}

    static String hash(Path file) throws IOException {
        return Files.exists(file) ? LvsCfFile.hash(Files.readAllBytes(file)) : ConfigStore.NO_FILE;
    }

    static String text(Path file) throws IOException {
        return Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
    }

    /** Keeps the rules in the session and goes to their preview. */
    Reply preview(Exchange exchange, ConfigStore.Loaded loaded, Path file, String rules) throws IOException {
        final String before = text(file);
        final LvsCfDocument document = loaded.document();
        if (document.file().value("mark_rules").isEmpty()) {
            document.file().set("mark_rules", file.toString());
        } else if (before.equals(rules)) {
            exchange.loggedIn().notice("Nothing has changed.");
            return Reply.redirect(PANEL);
        }
        final Draft configuration = Editing.draft(loaded, document, WHAT, PANEL, PANEL);
        return Reply.redirect(PATH + "?draft="
                + exchange.loggedIn().keep(new RulesDraft(file, hash(file), before, rules, configuration)));
    }

    private Optional<RulesDraft> kept(Exchange exchange, String id) {
        return exchange.loggedIn().kept(id, RulesDraft.class);
    }

    private Reply gone(Exchange exchange) throws IOException {
        return tool.message(exchange, 404, "Changes", "These changes are no longer waiting.");
    }

    private Reply show(Exchange exchange) throws IOException {
        final String id = exchange.query().value("draft");
        final Optional<RulesDraft> draft = kept(exchange, id);
        if (draft.isEmpty()) {
            return gone(exchange);
        }
        return tool.show(
                exchange,
                "Preview of changes",
                PANEL,
                "rules",
                Map.of(
                        "id",
                        id,
                        "file",
                        draft.get().file().toString(),
                        "rules",
                        LineDiff.between(draft.get().before(), draft.get().after()),
                        "path",
                        tool.store().path().toString(),
                        "lines",
                        Preview.of(draft.get().configuration(), tool.store()).lines()));
    }

    private Reply write(Exchange exchange) throws IOException {
        final String id = exchange.form().value("draft");
        final Optional<RulesDraft> kept = kept(exchange, id);
        if (kept.isEmpty()) {
            return gone(exchange);
        }
        final RulesDraft draft = kept.get();
        final String action = exchange.form().value("action");
        if ("cancel".equals(action)) {
            exchange.loggedIn().forget(id);
            exchange.loggedIn().notice("The changes have been thrown away.");
            return Reply.redirect(PANEL);
        }
        final boolean sameFile =
                tool.store().load().hash().equals(draft.configuration().baseHash());
        if (!sameFile || !hash(draft.file()).equals(draft.baseHash())) {
            return conflict(exchange, draft);
        }
        try {
            LvsCfFile.write(draft.file(), draft.after().getBytes(StandardCharsets.UTF_8));
        } catch (AccessDeniedException e) {
            throw ConfigStore.refused(draft.file(), e);
        }
        try {
            tool.store().save(draft.configuration());
        } catch (ConfigStore.ConflictException e) {
            return conflict(exchange, draft);
        }
        exchange.loggedIn().forget(id);
        final long serial = tool.store().load().serial();
        tool.journal(exchange, "config", WHAT + " in " + draft.file() + " (serial_no " + serial + ")");
        if ("apply".equals(action)) {
            final ControlPlane.Applied applied = changes.apply(exchange, serial);
            exchange.loggedIn().notice("The rules have been written. " + applied.report());
        } else {
            exchange.loggedIn().notice("Written. The directors go on with what they have until it is applied.");
        }
        return Reply.redirect(PANEL);
    }

    private Reply conflict(Exchange exchange, RulesDraft draft) throws IOException {
        return changes.conflict(
                exchange,
                "Your changes to the mark rules in " + draft.file(),
                lines(draft.before(), draft.after()),
                lines(draft.before(), text(draft.file())),
                PANEL);
    }

    private static List<String> lines(String before, String after) {
        return LineDiff.between(before, after).stream()
                .filter(line -> line.sign() == '+' || line.sign() == '-')
                .map(line -> line.sign() + " " + line.text())
                .toList();
    }
}
