// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvscf;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What differs between two configurations. Blocks are matched by name, then by what service or server they are. */
public final class ConfigurationDiff {
    /**
     * One difference.
     *
     * @param subject {@code global}, {@code virtual http}, {@code virtual http server web1}
     * @param key the key, empty where the whole block was added or removed
     * @param before value before, empty where there was none
     * @param after value after, empty where there is none
     */
    public record Change(String subject, String key, String before, String after) {
        /** One line for people. */
        public String describe() {
            if (key.isEmpty()) {
                return subject + (before.isEmpty() ? " added" : " removed");
            }
            return subject + ": " + key + " " + (before.isEmpty() ? "(not set)" : before) + " -> "
                    + (after.isEmpty() ? "(not set)" : after);
        }
    }

    private final List<Change> changes = new ArrayList<>();

    private ConfigurationDiff() {}

    /** The differences, global ones first. serial_no counts as one. */
    public static List<Change> between(Configuration before, Configuration after) {
        final ConfigurationDiff diff = new ConfigurationDiff();
        diff.sections("global", GlobalKeys.ALL, before.global(), after.global());
        diff.services("failover", before.failoverServices(), after.failoverServices());
        diff.services("virtual", before.virtualServers(), after.virtualServers());
        return List.copyOf(diff.changes);
    }

    private void services(String kind, List<VirtualServer> before, List<VirtualServer> after) {
        final Map<String, VirtualServer> old = new LinkedHashMap<>();
        before.forEach(virtual -> old.put(unique(old, virtual.name()), virtual));
        final Map<String, VirtualServer> now = new LinkedHashMap<>();
        after.forEach(virtual -> now.put(unique(now, virtual.name()), virtual));
        old.forEach((name, virtual) -> {
            if (!now.containsKey(name)) {
                changes.add(new Change(kind + ' ' + name, "", "present", ""));
            }
        });
        now.forEach((name, virtual) -> {
            final VirtualServer was = old.get(name);
            final String subject = kind + ' ' + name;
            if (was == null) {
                changes.add(new Change(subject, "", "", "present"));
                return;
            }
            sections(subject, VirtualKeys.ALL, was.section(), virtual.section());
            servers(subject, was.servers(), virtual.servers());
        });
    }

    private void servers(String parent, List<RealServer> before, List<RealServer> after) {
        final Map<String, RealServer> old = new LinkedHashMap<>();
        before.forEach(server -> old.put(unique(old, server.name()), server));
        final Map<String, RealServer> now = new LinkedHashMap<>();
        after.forEach(server -> now.put(unique(now, server.name()), server));
        old.forEach((name, server) -> {
            if (!now.containsKey(name)) {
                changes.add(new Change(parent + " server " + name, "", "present", ""));
            }
        });
        now.forEach((name, server) -> {
            final RealServer was = old.get(name);
            final String subject = parent + " server " + name;
            if (was == null) {
                changes.add(new Change(subject, "", "", "present"));
            } else {
                sections(subject, ServerKeys.ALL, was.section(), server.section());
            }
        });
    }

    private static String unique(Map<String, ?> taken, String name) {
        String candidate = name;
        for (int i = 2; taken.containsKey(candidate); i++) {
            candidate = name + " (" + i + ")";
        }
        return candidate;
    }

    private void sections(String subject, List<Key<?>> keys, Section before, Section after) {
        for (final Key<?> key : keys) {
            compare(subject, key, before, after);
        }
    }

    private <T> void compare(String subject, Key<T> key, Section before, Section after) {
        final Optional<T> was = before.find(key);
        final Optional<T> is = after.find(key);
        if (!Objects.equals(was, is)) {
            changes.add(new Change(
                    subject,
                    key.name(),
                    was.map(key::format).orElse(""),
                    is.map(key::format).orElse("")));
        }
    }
}
