// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.edit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.ulvs.cnc.ServicesFile;
import org.ulvs.control.lvscf.LvsCfDocument;
import org.ulvs.control.lvscf.LvsCfFile;
import org.ulvs.rules.PortNames;
import org.ulvs.rules.RuleSet;
import org.ulvs.rules.RulesException;

/**
 * The file of mark rules that lvs.cf names, or will name. lvs.cf is written with it, be it only for its serial_no, by
 * which the other director sees that there is something newer.
 */
public final class MarkRules {
    private static final String KEY = "mark_rules";
    private static final String DEFAULT_NAME = "mark.rules";

    private final ConfigStore store;

    /** Beside the lvs.cf of a store. */
    public MarkRules(ConfigStore store) {
        this.store = store;
    }

    /**
     * One reading of the file.
     *
     * @param file where it lies, or will
     * @param text of the rules, empty without a file
     * @param hash of the file, {@link ConfigStore#NO_FILE} without one
     */
    public record Loaded(Path file, String text, String hash) {}

    /**
     * Edited rules that are not written yet.
     *
     * @param base the file that they were made from
     * @param rules the edited rules
     * @param configuration lvs.cf, which names the file
     */
    public record RulesDraft(Loaded base, String rules, Draft configuration) {
        /** Whether there is nothing to write. */
        public boolean isEmpty() {
            return configuration.isEmpty() && base.text().equals(rules);
        }
    }

    private Path directory() {
        final Path directory = store.path().toAbsolutePath().normalize().getParent();
        return directory == null ? Path.of("/") : directory;
    }

    /** The rules as they are now. */
    public Loaded load(ConfigStore.Loaded lvsCf) throws IOException {
        final Path file = lvsCf.content()
                .document()
                .file()
                .value(KEY)
                .map(name -> directory().resolve(name).normalize())
                .orElse(directory().resolve(DEFAULT_NAME));
        if (!Files.exists(file)) {
            return new Loaded(file, "", ConfigStore.NO_FILE);
        }
        final byte[] bytes = Files.readAllBytes(file);
        return new Loaded(file, new String(bytes, StandardCharsets.UTF_8), LvsCfFile.hash(bytes));
    }

    /** What is wrong with edited rules; nothing for rules that can be written. */
    public List<String> problems(Loaded base, String rules) {
        if (!base.file().startsWith(directory())) {
            return List.of(
                    "mark_rules names " + base.file() + ", which is not in the directory of lvs.cf; edit it there.");
        }
        return problems(rules);
    }

    /** What cannot be read, line by line. */
    public static List<String> problems(String rules) {
        try {
            RuleSet.parse(rules, PortNames.of(ServicesFile.lines()));
            return List.of();
        } catch (RulesException e) {
            return e.problems().stream()
                    .map(problem -> "Line " + problem.line() + ": " + problem.reason() + '.')
                    .toList();
        }
    }

    /** A draft of edited rules; lvs.cf names their file from then on. */
    public RulesDraft draft(ConfigStore.Loaded lvsCf, Loaded base, String rules, String summary, String panel) {
        final LvsCfDocument document = lvsCf.document();
        if (document.file().value(KEY).isEmpty()) {
            document.file().set(KEY, base.file().toString());
        }
        return new RulesDraft(
                base,
                rules,
                new Draft(lvsCf.hash(), lvsCf.text(), document.text(), lvsCf.charset(), summary, panel, panel));
    }

    /**
     * Writes the rules, then lvs.cf.
     *
     * @throws ConfigStore.ConflictException if either is not the file that the draft was made from
     */
    public void save(RulesDraft draft) throws IOException {
        final ConfigStore.Loaded now = store.load();
        if (!now.hash().equals(draft.configuration().baseHash())
                || !load(now).hash().equals(draft.base().hash())) {
            throw new ConfigStore.ConflictException();
        }
        final Path file = draft.base().file();
        try {
            LvsCfFile.write(file, draft.rules().getBytes(StandardCharsets.UTF_8));
        } catch (AccessDeniedException e) {
            throw ConfigStore.refused(file, e);
        }
        store.save(draft.configuration());
    }
}
