// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.panel;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.ulvs.control.lvscf.Block;
import org.ulvs.control.lvscf.LvsCf;
import org.ulvs.control.lvscf.LvsCfDocument;
import org.ulvs.web.edit.BlockForm;
import org.ulvs.web.edit.ConfigStore;
import org.ulvs.web.edit.Draft;
import org.ulvs.web.edit.Field;
import org.ulvs.web.http.Exchange;
import org.ulvs.web.http.Form;

/** From a form that was sent to a draft, or to what is wrong with it. Nothing is written here. */
final class Editing {
    private Editing() {}

    /** Finds the block to edit in a document; empty when it is no longer there. */
    interface Finder extends Function<LvsCfDocument, Optional<Block>> {}

    /**
     * The outcome.
     *
     * @param draft what would be written, empty when something is wrong
     * @param errors by field
     * @param gone whether the block, or the file it was in, is no longer the one that was shown
     */
    record Outcome(Optional<Draft> draft, Map<String, String> errors, boolean gone) {}

    /** Applies a panel's fields to a block. */
    static Outcome fields(
            ConfigStore store,
            Exchange exchange,
            Finder finder,
            List<Field> fields,
            boolean isNew,
            String summary,
            String back,
            String next)
            throws IOException {
        final ConfigStore.Loaded loaded = store.load();
        final Form form = exchange.form();
        if (!loaded.hash().equals(form.value("base"))) {
            return new Outcome(Optional.empty(), Map.of(), true);
        }
        final LvsCfDocument document = loaded.document();
        final Optional<Block> block = finder.apply(document);
        if (block.isEmpty()) {
            return new Outcome(Optional.empty(), Map.of(), true);
        }
        final Map<String, String> errors = new LinkedHashMap<>(BlockForm.apply(block.get(), fields, form, isNew));
        if (errors.isEmpty()) {
            final LvsCf read = store.read(document.text());
            // line numbers: the edited text is read anew, and the block is the same one in order
            final Optional<Block> again = same(document, block.get(), read.document());
            again.ifPresent(found -> errors.putAll(
                    BlockForm.findings(read, found, fields, loaded.content().errors())));
        }
        if (!errors.isEmpty()) {
            return new Outcome(Optional.empty(), errors, false);
        }
        return new Outcome(
                Optional.of(
                        draft(loaded, document, summary.replace("%", block.get().name()), back, next)),
                Map.of(),
                false);
    }

    /** The block of another reading that stands at the same place. */
    private static Optional<Block> same(LvsCfDocument document, Block block, LvsCfDocument other) {
        return descend(document.file(), block, other.file());
    }

    private static Optional<Block> descend(Block here, Block wanted, Block there) {
        if (here == wanted) {
            return Optional.of(there);
        }
        final List<Block> mine = here.blocks();
        final List<Block> theirs = there.blocks();
        for (int i = 0; i < mine.size() && i < theirs.size(); i++) {
            final Optional<Block> found = descend(mine.get(i), wanted, theirs.get(i));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    static Draft draft(ConfigStore.Loaded loaded, LvsCfDocument document, String summary, String back, String next) {
        return new Draft(loaded.hash(), loaded.text(), document.text(), loaded.charset(), summary, back, next);
    }
}
