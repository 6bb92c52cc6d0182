// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.panel;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ulvs.web.edit.ConfigStore;
import org.ulvs.web.edit.LineDiff;
import org.ulvs.web.edit.MarkRules;
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
    private final MarkRules rules;

    RulesChanges(Tool tool, Changes changes, MarkRules rules) {
        this.tool = tool;
        this.changes = changes;
        this.rules = rules;
    }

    void addTo(Routes routes) {
        routes.get(PATH, Routes.Access.SESSION, this::show).post(PATH, Routes.Access.SESSION, this::write);
    }

    /** Keeps the rules in the session and goes to their preview. */
    Reply preview(Exchange exchange, ConfigStore.Loaded loaded, MarkRules.Loaded now, String text) {
        final MarkRules.RulesDraft draft = rules.draft(loaded, now, text, WHAT, PANEL);
        if (draft.isEmpty()) {
            exchange.loggedIn().notice("Nothing has changed.");
            return Reply.redirect(PANEL);
        }
        return Reply.redirect(PATH + "?draft=" + exchange.loggedIn().keep(draft));
    }

    private Optional<MarkRules.RulesDraft> kept(Exchange exchange, String id) {
        return exchange.loggedIn().kept(id, MarkRules.RulesDraft.class);
    }

    private Reply gone(Exchange exchange) throws IOException {
        return tool.message(exchange, 404, "Changes", "These changes are no longer waiting.");
    }

    private Reply show(Exchange exchange) throws IOException {
        final String id = exchange.query().value("draft");
        final Optional<MarkRules.RulesDraft> draft = kept(exchange, id);
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
                        draft.get().base().file().toString(),
                        "rules",
                        LineDiff.between(draft.get().base().text(), draft.get().rules()),
                        "path",
                        tool.store().path().toString(),
                        "lines",
                        Preview.of(draft.get().configuration(), tool.store()).lines()));
    }

    private Reply write(Exchange exchange) throws IOException {
        final String id = exchange.form().value("draft");
        final Optional<MarkRules.RulesDraft> kept = kept(exchange, id);
        if (kept.isEmpty()) {
            return gone(exchange);
        }
        final MarkRules.RulesDraft draft = kept.get();
        final String action = exchange.form().value("action");
        if ("cancel".equals(action)) {
            exchange.loggedIn().forget(id);
            exchange.loggedIn().notice("The changes have been thrown away.");
            return Reply.redirect(PANEL);
        }
        try {
            rules.save(draft);
        } catch (ConfigStore.ConflictException e) {
            return conflict(exchange, draft);
        }
        exchange.loggedIn().forget(id);
        final long serial = tool.store().load().serial();
        tool.journal(exchange, "config", WHAT + " in " + draft.base().file() + " (serial_no " + serial + ")");
        if ("apply".equals(action)) {
            final ControlPlane.Applied applied = changes.apply(exchange, serial);
            exchange.loggedIn().notice("The rules have been written. " + applied.report());
        } else {
            exchange.loggedIn().notice("Written. The directors go on with what they have until it is applied.");
        }
        return Reply.redirect(PANEL);
    }

    private Reply conflict(Exchange exchange, MarkRules.RulesDraft draft) throws IOException {
        return changes.conflict(
                exchange,
                "Your changes to the mark rules in " + draft.base().file(),
                lines(draft.base().text(), draft.rules()),
                lines(draft.base().text(), rules.load(tool.store().load()).text()),
                PANEL);
    }

    private static List<String> lines(String before, String after) {
        return LineDiff.between(before, after).stream()
                .filter(line -> line.sign() == '+' || line.sign() == '-')
                .map(line -> line.sign() + " " + line.text())
                .toList();
    }
}
