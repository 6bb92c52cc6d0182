// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.panel;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ulvs.control.lvscf.LvsCfDocument;
import org.ulvs.web.edit.BlockForm;
import org.ulvs.web.edit.ConfigStore;
import org.ulvs.web.edit.Field;
import org.ulvs.web.edit.FieldGroup;
import org.ulvs.web.edit.Fields;
import org.ulvs.web.http.Exchange;
import org.ulvs.web.http.Reply;
import org.ulvs.web.http.Routes;

/** GLOBAL SETTINGS and REDUNDANCY. */
public final class SettingsPanels {
    private static final String GLOBAL = "GLOBAL SETTINGS";
    private static final String REDUNDANCY = "REDUNDANCY";

    private final Tool tool;
    private static final Set<String> KEYS =
            Fields.keys(Fields.GLOBAL, Fields.REDUNDANCY, "serial_no", "backup_active", "heartbeat", "mark_rules");

    private final Changes changes;

    /** Both panels. */
    public SettingsPanels(Tool tool, Changes changes) {
        this.tool = tool;
        this.changes = changes;
    }

    /** Their routes. */
    public void addTo(Routes routes) {
        routes.get("/global", Routes.Access.SESSION, exchange -> show(exchange, GLOBAL, "/global", Fields.GLOBAL))
                .post("/global", Routes.Access.SESSION, exchange -> accept(exchange, GLOBAL, "/global", Fields.GLOBAL))
                .get("/redundancy", Routes.Access.SESSION, this::redundancy)
                .post("/redundancy", Routes.Access.SESSION, this::acceptRedundancy);
    }

    private Reply show(Exchange exchange, String title, String path, List<FieldGroup> groups) throws IOException {
        final ConfigStore.Loaded loaded = tool.store().load();
        final Map<String, String> values =
                BlockForm.values(loaded.content().document().file(), Fields.all(groups));
        return tool.show(
                exchange,
                title,
                path,
                "settings",
                Map.of(
                        "form",
                        new FormView(path, groups, values, Map.of(), loaded.hash(), "")
                                .with(BlockForm.others(
                                        loaded.content().document().file(), KEYS))));
    }

    private Reply accept(Exchange exchange, String title, String path, List<FieldGroup> groups) throws IOException {
        final List<Field> fields = Fields.all(groups);
        final Editing.Outcome outcome = Editing.fields(
                tool.store(),
                exchange,
                document -> Optional.of(document.file()),
                fields,
                false,
                "changed " + title,
                path,
                path);
        if (outcome.gone()) {
            return changes.conflict(
                    exchange, "Your changes to " + title, BlockForm.sent(exchange.form(), fields), path);
        }
        if (outcome.draft().isPresent()) {
            return changes.preview(exchange, outcome.draft().get());
        }
        final FormView form = new FormView(
                path,
                groups,
                BlockForm.sent(exchange.form(), fields),
                outcome.errors(),
                exchange.form().value("base"),
                "");
        return "/redundancy".equals(path)
                ? tool.renderer()
                        .page(
                                422,
                                "redundancy",
                                tool.page(exchange, title, path),
                                Map.of("form", form, "enabled", true))
                : tool.renderer().page(422, "settings", tool.page(exchange, title, path), Map.of("form", form));
    }

    private Reply redundancy(Exchange exchange) throws IOException {
        final ConfigStore.Loaded loaded = tool.store().load();
        final boolean enabled = loaded.content()
                .document()
                .file()
                .value("backup_active")
                .orElse("0")
                .equals("1");
        final Map<String, String> values =
                BlockForm.values(loaded.content().document().file(), Fields.all(Fields.REDUNDANCY));
        return tool.show(
                exchange,
                REDUNDANCY,
                "/redundancy",
                "redundancy",
                Map.of(
                        "form",
                        new FormView("/redundancy", Fields.REDUNDANCY, values, Map.of(), loaded.hash(), ""),
                        "enabled",
                        enabled));
    }

    private Reply acceptRedundancy(Exchange exchange) throws IOException {
        return switch (exchange.form().value("action")) {
            case "enable" -> enable(exchange, true);
            case "disable" -> enable(exchange, false);
            case "reset" -> reset(exchange);
            default -> accept(exchange, REDUNDANCY, "/redundancy", Fields.REDUNDANCY);
        };
    }

    private Reply enable(Exchange exchange, boolean on) throws IOException {
        final ConfigStore.Loaded loaded = tool.store().load();
        if (!loaded.hash().equals(exchange.form().value("base"))) {
            return changes.conflict(exchange, on ? "Enable the backup" : "Disable the backup", Map.of(), "/redundancy");
        }
        final LvsCfDocument document = loaded.document();
        document.file().set("backup_active", on ? "1" : "0");
        if (on) {
            document.file().set("heartbeat", "1");
            for (final Field field : Fields.all(Fields.REDUNDANCY)) {
                // what Piranha wrote when the backup was enabled for the first time
                if (!field.initial().isEmpty()
                        && document.file().value(field.key()).isEmpty()) {
                    document.file().set(field.key(), field.initial());
                }
            }
        }
        return changes.preview(
                exchange,
                Editing.draft(
                        loaded,
                        document,
                        on ? "enabled the backup" : "disabled the backup",
                        "/redundancy",
                        "/redundancy"));
    }

    /** Shows the form with Piranha's values for the heartbeat; nothing is changed. */
    private Reply reset(Exchange exchange) throws IOException {
        final List<Field> fields = Fields.all(Fields.REDUNDANCY);
        final Map<String, String> values = new LinkedHashMap<>(BlockForm.sent(exchange.form(), fields));
        for (final Field field : fields) {
            if (!field.initial().isEmpty()) {
                values.put(field.name(), field.initial());
            }
        }
        final FormView form = new FormView(
                "/redundancy",
                Fields.REDUNDANCY,
                values,
                Map.of(),
                exchange.form().value("base"),
                "");
        exchange.loggedIn().notice("The heartbeat's fields have been reset. ACCEPT to go on.");
        return tool.renderer()
                .page(
                        200,
                        "redundancy",
                        tool.page(exchange, REDUNDANCY, "/redundancy"),
                        Map.of("form", form, "enabled", true));
    }
}
