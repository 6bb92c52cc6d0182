// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.panel;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.ulvs.control.lvscf.Block;
import org.ulvs.control.lvscf.BlockIds;
import org.ulvs.control.lvscf.BlockKind;
import org.ulvs.control.lvscf.LvsCfDocument;
import org.ulvs.web.edit.ConfigStore;
import org.ulvs.web.http.Exchange;
import org.ulvs.web.http.Reply;

/** The buttons below a list of blocks: ADD, and EDIT, (DE)ACTIVATE and DELETE of those that are selected. */
final class ListButtons {
    private static final int NAMED = 5;

    private final Tool tool;
    private final Changes changes;

    ListButtons(Tool tool, Changes changes) {
        this.tool = tool;
        this.changes = changes;
    }

    /**
     * A list.
     *
     * @param path of its page
     * @param adding the page that ADD leads to
     * @param editing the page that EDIT leads to, by identifier
     * @param parent of its blocks
     * @param kind of its blocks
     * @param of what follows a block's name in the journal, empty for nothing
     */
    record Listed(
            String path,
            String adding,
            UnaryOperator<String> editing,
            Editing.Finder parent,
            BlockKind kind,
            String of) {}

    /** Does what a button says; nothing is written before the preview has been seen. */
    Reply press(Exchange exchange, Listed list) throws IOException {
        final String action = exchange.form().value("action");
        if ("add".equals(action)) {
            return Reply.redirect(list.adding());
        }
        final List<String> selected = exchange.form().values("selected");
        if (selected.isEmpty()) {
            return again(exchange, list, "Select one of the list first.");
        }
        if ("edit".equals(action)) {
            return selected.size() > 1
                    ? again(exchange, list, "One at a time can be edited.")
                    : Reply.redirect(list.editing().apply(selected.get(0)));
        }
        final ConfigStore.Loaded loaded = tool.store().load();
        final LvsCfDocument document = loaded.document();
        final Optional<Block> parent = list.parent().apply(document);
        final List<Block> blocks =
                parent.map(found -> blocks(found, list.kind(), selected)).orElse(List.of());
        final String what = what(list, selected);
        if (blocks.size() < selected.size()
                || !loaded.hash().equals(exchange.form().value("base"))) {
            return changes.conflict(exchange, action + ' ' + what, Map.of(), list.path());
        }
        final String verb;
        switch (action) {
            case "delete" -> {
                blocks.forEach(parent.orElseThrow()::removeBlock);
                verb = "deleted ";
            }
            case "toggle" -> {
                final boolean on = !blocks.stream().allMatch(ServicePanels::isActive);
                blocks.forEach(block -> block.set("active", on ? "1" : "0"));
                verb = on ? "activated " : "deactivated ";
            }
            default -> {
                return tool.message(exchange, 400, "List", "There is no such button.");
            }
        }
        return changes.preview(exchange, Editing.draft(loaded, document, verb + what, list.path(), list.path()));
    }

    private static Reply again(Exchange exchange, Listed list, String notice) {
        exchange.loggedIn().notice(notice);
        return Reply.redirect(list.path());
    }

    private static List<Block> blocks(Block parent, BlockKind kind, List<String> selected) {
        final List<Block> all = parent.blocks(kind);
        final List<String> ids = BlockIds.ofBlocks(all);
        final List<Block> found = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            if (selected.contains(ids.get(i))) {
                found.add(all.get(i));
            }
        }
        return found;
    }

    private static String what(Listed list, List<String> selected) {
        final String names = String.join(", ", selected.subList(0, Math.min(NAMED, selected.size())));
        final String word = list.kind().keyword();
        return selected.size() == 1
                ? word + ' ' + names + list.of()
                : selected.size() + " " + word + "s (" + names + (selected.size() > NAMED ? "…" : "") + ')' + list.of();
    }
}
