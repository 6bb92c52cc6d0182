// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvscf;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Document to configuration. */
final class ConfigurationReader {
    private final Names names;
    private final Findings findings;

    private ConfigurationReader(Names names, Findings findings) {
        this.names = names;
        this.findings = findings;
    }

    static LvsCf read(String text, Names names) {
        final Findings findings = new Findings();
        final LvsCfDocument document = DocumentParser.parse(text, findings);
        if (text.isEmpty()) {
            findings.error(0, 0, "the file is empty", "", Findings.EMPTY);
        }
        final ConfigurationReader reader = new ConfigurationReader(names, findings);
        final Configuration configuration = reader.configuration(document.file());
        Validator.validate(configuration, findings);
        return new LvsCf(document, configuration, findings.sorted());
    }

    private Configuration configuration(Block file) {
        final Section global = section(file);
        final List<VirtualServer> virtualServers = new ArrayList<>();
        for (final Block block : file.blocks(BlockKind.VIRTUAL)) {
            virtualServers.add(service(block));
        }
        final List<VirtualServer> failoverServices = new ArrayList<>();
        for (final Block block : file.blocks(BlockKind.FAILOVER)) {
            failoverServices.add(service(block));
        }
        return new Configuration(global, virtualServers, failoverServices);
    }

    private VirtualServer service(Block block) {
        Section section = section(block);
        if (section.value(VirtualKeys.ACTIVE)
                && section.find(VirtualKeys.ADDRESS).isEmpty()) {
            section = withoutAddress(block, section);
        }
        final List<RealServer> servers = new ArrayList<>();
        int port = VirtualKeys.PORT.fallback().orElse(0);
        for (final Node node : block.children()) {
            if (node instanceof Directive directive && directive.key().equals(VirtualKeys.PORT.name())) {
                port = section.value(VirtualKeys.PORT);
            } else if (node instanceof Block child && child.kind() == BlockKind.SERVER) {
                servers.add(server(child, section, port));
            }
        }
        return new VirtualServer(block.kind(), block.name(), block.line(), section, servers);
    }

    private RealServer server(Block block, Section virtual, int portSoFar) {
        Section section = section(block);
        final int port = virtual.value(VirtualKeys.PORT);
        if (section.find(ServerKeys.PORT).isEmpty() && port != portSoFar) {
            findings.warning(
                    block.line(),
                    0,
                    "server " + block.name() + " stands above its virtual server's port and gets port " + portSoFar,
                    "move port = " + port + " above the servers",
                    "");
        }
        if (section.value(ServerKeys.ACTIVE) && section.find(ServerKeys.ADDRESS).isEmpty()) {
            section = withoutAddress(block, section);
        }
        return new RealServer(block.name(), block.line(), section, portSoFar);
    }

    /** Without an address a block cannot be used: an error, unless a template is being edited. */
    private Section withoutAddress(Block block, Section section) {
        final String what = block.kind().keyword() + " " + block.name();
        final Optional<Directive> written = block.directive("address");
        if (written.isPresent()) {
            // the value itself has its finding already
            return off(block, section);
        }
        findings.error(block.line(), 0, what + " is active and has no address", "add an address", "");
        return section;
    }

    private static Section off(Block block, Section section) {
        return block.kind() == BlockKind.SERVER
                ? section.with(ServerKeys.ACTIVE, false)
                : section.with(VirtualKeys.ACTIVE, false);
    }

    private Section section(Block block) {
        final Map<Key<?>, Object> values = new HashMap<>();
        final Map<String, Integer> seen = new HashMap<>();
        for (final Directive directive : block.directives()) {
            final Optional<Key<?>> key = Keys.find(block.kind(), directive.key());
            if (key.isEmpty()) {
                unknown(block, directive);
                continue;
            }
            final Integer before = seen.put(directive.key(), directive.line());
            if (before != null) {
                findings.warning(
                        directive.line(),
                        0,
                        directive.key() + " stands here and in line " + before + "; this one counts",
                        "remove one of them",
                        "");
            }
            origin(key.get(), directive);
            value(key.get(), directive, values);
        }
        return new Section(values);
    }

    private void origin(Key<?> key, Directive directive) {
        switch (key.origin()) {
            case ULVS -> findings.note(directive.line(), 0, key.name() + " is new here", Findings.UNKNOWN_COMMAND);
            case WEB_TOOL ->
                findings.warning(
                        directive.line(), 0, key.name() + " has no effect", "remove it", Findings.UNKNOWN_COMMAND);
            case PIRANHA, IGNORED -> {
                // nothing to say: Piranha accepts it
            }
        }
    }

    private <T> void value(Key<T> key, Directive directive, Map<Key<?>, Object> values) {
        if (directive.words().isEmpty()) {
            findings.warning(
                    directive.line(),
                    0,
                    key.name() + " has no value and is as if it was not there",
                    "write \"\" for an empty text",
                    Findings.MISSING_ARGUMENTS);
            return;
        }
        if (directive.words().stream().anyMatch(Word::placeholder)) {
            findings.warning(
                    directive.line(),
                    directive.words().get(0).column(),
                    DocumentParser.TEMPLATE + " placeholder; " + key.name() + " is as if it was not there",
                    "render the template",
                    Findings.UNEXPECTED_ARGUMENTS);
            return;
        }
        try {
            values.put(key, key.type().parse(new ValueContext(directive, names, findings)));
        } catch (ValueException e) {
            findings.error(directive.line(), e.column(), e.reason(), e.suggestion(), e.refusedBy());
        }
    }

    private void unknown(Block block, Directive directive) {
        String suggestion = DidYouMean.suggest(directive.key(), Keys.order(block.kind()));
        for (final BlockKind other : BlockKind.values()) {
            if (Keys.find(other, directive.key()).isPresent() && !Keys.of(other).equals(Keys.of(block.kind()))) {
                suggestion = other == BlockKind.FILE
                        ? "it belongs at the top of the file"
                        : "it belongs into a " + other.keyword() + " block";
            }
        }
        findings.warning(
                directive.line(),
                directive.indent().length() + 1,
                "unknown key " + directive.key() + ", kept and ignored",
                suggestion,
                Findings.UNKNOWN_COMMAND);
    }
}
