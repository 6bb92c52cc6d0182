// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.panel;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ulvs.web.edit.ConfigStore;
import org.ulvs.web.edit.Draft;
import org.ulvs.web.edit.Preview;
import org.ulvs.web.http.Exchange;
import org.ulvs.web.http.Reply;
import org.ulvs.web.http.Routes;
import org.ulvs.web.live.ControlPlane;

/** From a draft to the file: preview, write, conflict, apply. */
public final class Changes {
    private final Tool tool;

    /** Over the tool's store. */
    public Changes(Tool tool) {
        this.tool = tool;
    }

    /** The routes. */
    public void addTo(Routes routes) {
        routes.get("/changes", Routes.Access.SESSION, this::show)
                .post("/changes", Routes.Access.SESSION, this::write)
                .post("/apply", Routes.Access.SESSION, this::apply);
    }

    /** Keeps a draft in the session and goes to its preview. */
    Reply preview(Exchange exchange, Draft draft) {
        if (draft.isEmpty()) {
            exchange.loggedIn().notice("Nothing has changed.");
            return Reply.redirect(draft.next());
        }
        return Reply.redirect("/changes?draft=" + exchange.loggedIn().keep(draft));
    }

    private Reply show(Exchange exchange) throws IOException {
        final String id = exchange.query().value("draft");
        final Optional<Draft> draft = exchange.loggedIn().kept(id, Draft.class);
        if (draft.isEmpty()) {
            return tool.message(exchange, 404, "Changes", "These changes are no longer waiting.");
        }
        return tool.show(
                exchange,
                "Preview of changes",
                "",
                "preview",
                Map.of(
                        "preview",
                        Preview.of(draft.get(), tool.store()),
                        "draft",
                        draft.get(),
                        "id",
                        id,
                        "path",
                        tool.store().path().toString()));
    }

    private Reply write(Exchange exchange) throws IOException {
        final String id = exchange.form().value("draft");
        final Optional<Draft> kept = exchange.loggedIn().kept(id, Draft.class);
        if (kept.isEmpty()) {
            return tool.message(exchange, 404, "Changes", "These changes are no longer waiting.");
        }
        final Draft draft = kept.get();
        if ("cancel".equals(exchange.form().value("action"))) {
            exchange.loggedIn().forget(id);
            exchange.loggedIn().notice("The changes have been thrown away.");
            return Reply.redirect(draft.back());
        }
        try {
            tool.store().save(draft);
        } catch (ConfigStore.ConflictException e) {
            return conflict(exchange, draft);
        }
        exchange.loggedIn().forget(id);
        final long serial = tool.store().load().serial();
        tool.journal(exchange, "config", draft.summary() + " (serial_no " + serial + ")");
        if ("apply".equals(exchange.form().value("action"))) {
            final ControlPlane.Applied applied = apply(exchange, serial);
            exchange.loggedIn().notice("Written. " + applied.report());
        } else {
            exchange.loggedIn()
                    .notice("Written to lvs.cf. The directors go on with what they have until it is applied.");
        }
        return Reply.redirect(draft.next());
    }

    /** Lets pulse load the file, and writes into the journal what came of it. */
    ControlPlane.Applied apply(Exchange exchange, long serial) throws IOException {
        final ControlPlane.Applied applied = tool.apply(exchange);
        tool.journal(
                exchange,
                "apply",
                (applied.done() ? "applied serial_no " : "could not apply serial_no ") + serial + ": "
                        + applied.report());
        return applied;
    }

    private Reply apply(Exchange exchange) throws IOException {
        final ControlPlane.Applied applied = apply(exchange, tool.store().load().serial());
        exchange.loggedIn().notice(applied.report());
        final String next = exchange.form().value("next");
        return Reply.redirect(next.matches("/[a-z]*") ? next : "/control");
    }

    private Reply conflict(Exchange exchange, Draft draft) throws IOException {
        final ConfigStore.Loaded now = tool.store().load();
        final Draft theirs = new Draft(
                draft.baseHash(),
                draft.baseText(),
                now.text(),
                now.charset(),
                draft.summary(),
                draft.back(),
                draft.next());
        return conflict(
                exchange,
                draft.summary(),
                Preview.of(draft, tool.store()).changes(),
                Preview.of(theirs, tool.store()).changes(),
                draft.back());
    }

    /** Shows both changes side by side. */
    Reply conflict(Exchange exchange, String what, List<String> mine, List<String> theirs, String back)
            throws IOException {
        return conflict(exchange, what, mine, theirs, Map.of(), back);
    }

    private Reply conflict(
            Exchange exchange,
            String what,
            List<String> mine,
            List<String> theirs,
            Map<String, String> sent,
            String back)
            throws IOException {
        return tool.renderer()
                .page(
                        409,
                        "conflict",
                        tool.page(exchange, "Somebody else was faster", ""),
                        Map.of("what", what, "mine", mine, "theirs", theirs, "sent", sent, "back", back));
    }

    /** The file has changed since the form was made: shows what was sent, so that it is not lost. */
    Reply conflict(Exchange exchange, String what, Map<String, String> sent, String back) throws IOException {
        return conflict(exchange, what, List.of(), List.of(), sent, back);
    }
}
