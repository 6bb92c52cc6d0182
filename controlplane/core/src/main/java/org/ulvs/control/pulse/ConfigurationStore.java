// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.pulse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ulvs.cnc.ServicesFile;
import org.ulvs.control.lvscf.Block;
import org.ulvs.control.lvscf.BlockIds;
import org.ulvs.control.lvscf.BlockKind;
import org.ulvs.control.lvscf.Configuration;
import org.ulvs.control.lvscf.Finding;
import org.ulvs.control.lvscf.GlobalKeys;
import org.ulvs.control.lvscf.LvsCf;
import org.ulvs.control.lvscf.LvsCfDocument;
import org.ulvs.control.lvscf.LvsCfFile;
import org.ulvs.control.lvscf.Names;
import org.ulvs.rules.PortNames;
import org.ulvs.rules.RuleSet;
import org.ulvs.rules.RulesException;

/** lvs.cf and its mark rules on disk: read as a whole or not at all. */
final class ConfigurationStore {
    /**
     * A configuration that can be used.
     *
     * @param configuration what lvs.cf says
     * @param text bytes of lvs.cf as ISO 8859-1
     * @param rules text of the mark rules file, if lvs.cf names one
     * @param ruleTable the same as the dataplane takes it
     * @param hash SHA-256 over lvs.cf and rules
     */
    record Loaded(
            Configuration configuration,
            String text,
            Optional<String> rules,
            Optional<String> ruleTable,
            String hash) {}

    /** Where a configuration comes from. */
    @FunctionalInterface
    interface Source {
        Loaded load() throws IOException;
    }

    /** A configuration that cannot be used; the message says why, line by line. */
    static final class UnusableException extends IOException {
        private static final long serialVersionUID = 1L;

        UnusableException(String message) {
            super(message);
        }
    }

    private final Path file;
    private final Names names;

    ConfigurationStore(Path file, Names names) {
        this.file = file;
        this.names = names;
    }

    Path file() {
        return file;
    }

    Loaded load() throws IOException {
        return check(Files.readAllBytes(file), null);
    }

    /** Whether the files still hold what was loaded. */
    boolean unchanged(Loaded loaded) {
        try {
            final boolean same =
                    new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).equals(loaded.text());
            final Optional<String> rulesFile = loaded.configuration().global().find(GlobalKeys.MARK_RULES);
            return same
                    && (rulesFile.isEmpty()
                            || Files.readString(Path.of(rulesFile.get()))
                                    .equals(loaded.rules().orElse("")));
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * What runs, with another weight for one server and its serial_no raised.
     *
     * @param request {@code weight VIRTUAL SERVER N}, whatever follows; both by {@link BlockIds}
     */
    Loaded reweighed(Loaded running, String request) throws IOException {
        final String[] words = request.split(" ", 5);
        if (words.length < 4 || !words[3].matches("[0-9]{1,5}")) {
            throw new UnusableException("\"" + request + "\" is not: weight VIRTUAL SERVER N");
        }
        // bytes as characters: what is no ASCII stays as it is
        final LvsCfDocument document = LvsCfDocument.parse(running.text());
        final Block server = BlockIds.find(document.virtualServers(), name(words[1]))
                .flatMap(virtual -> BlockIds.find(virtual.blocks(BlockKind.SERVER), name(words[2])))
                .orElseThrow(() -> new UnusableException(
                        "there is no server " + words[2] + " of virtual " + words[1] + " in what runs"));
        server.set("weight", words[3]);
        document.raiseSerial();
        return check(
                document.text().getBytes(StandardCharsets.ISO_8859_1),
                running.rules()
                        .map(rules -> rules.getBytes(StandardCharsets.UTF_8))
                        .orElse(null));
    }

    private static String name(String word) {
        return new String(word.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** What would be loaded from these bytes; rules null: read the file that they name. */
    private Loaded check(byte[] bytes, byte @Nullable [] pushedRules) throws IOException {
        final String text = new String(bytes, StandardCharsets.ISO_8859_1);
        final LvsCf content = LvsCf.read(new String(bytes, StandardCharsets.UTF_8), names);
        if (!content.usable()) {
            final StringBuilder message = new StringBuilder();
            for (final Finding finding : content.errors()) {
                message.append(message.isEmpty() ? "" : "\n").append(finding.describe(file.toString()));
            }
            throw new UnusableException(message.toString());
        }
        final Configuration configuration = content.configuration();
        final Optional<String> rulesFile = configuration.global().find(GlobalKeys.MARK_RULES);
        Optional<String> rules = Optional.empty();
        if (pushedRules != null && pushedRules.length > 0) {
            rules = Optional.of(new String(pushedRules, StandardCharsets.UTF_8));
        } else if (rulesFile.isPresent()) {
            try {
                rules = Optional.of(Files.readString(Path.of(rulesFile.get())));
            } catch (IOException e) {
                throw new UnusableException("mark_rules " + rulesFile.get() + " cannot be read: " + e.getMessage());
            }
        }
        Optional<String> table = Optional.empty();
        if (rules.isPresent()) {
            table = Optional.of(numeric(rules.get(), rulesFile.orElse("pushed rules")));
        }
        final String hash = LvsCfFile.hash((text + '\0' + rules.orElse("")).getBytes(StandardCharsets.UTF_8));
        return new Loaded(configuration, text, rules, table, hash);
    }

    /** The rules without names of ports, which the dataplane does not know. */
    private static String numeric(String rules, String origin) throws UnusableException {
        try {
            return RuleSet.parse(rules, PortNames.of(ServicesFile.lines())).save();
        } catch (RulesException e) {
            throw new UnusableException("mark_rules " + origin + ": " + e.explanation());
        }
    }

    /**
     * Takes over what the peer has sent: nothing is written unless all of it can be used.
     *
     * @param newText bytes of lvs.cf as ISO 8859-1
     * @param newRules text of the mark rules, empty for none
     */
    Loaded replace(String newText, String newRules) throws IOException {
        final byte[] bytes = newText.getBytes(StandardCharsets.ISO_8859_1);
        final byte[] ruleBytes = newRules.getBytes(StandardCharsets.UTF_8);
        final Loaded checked = check(bytes, ruleBytes);
        final Optional<String> rulesFile = checked.configuration().global().find(GlobalKeys.MARK_RULES);
        if (rulesFile.isPresent() && !newRules.isEmpty()) {
            LvsCfFile.write(Path.of(rulesFile.get()), ruleBytes);
        }
        LvsCfFile.write(file, bytes);
        return checked;
    }
}
