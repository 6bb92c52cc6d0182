// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvscf;

import java.util.Set;

/** When and how a value is put into quotes. */
final class Quoting {
    private static final Set<String> ALWAYS = Set.of("send", "expect", "send_program", "start_cmd", "stop_cmd");
    private static final Set<String> TWO_WORDS = Set.of("address", "nat_router", "dirs");

    private Quoting() {}

    static String quote(BlockKind kind, String key, String value) {
        if (value.indexOf('\n') >= 0 || value.indexOf('\r') >= 0) {
            throw new IllegalArgumentException(key + ": a value cannot hold a line end");
        }
        final boolean needed = value.isEmpty()
                || value.indexOf('#') == 0
                || value.startsWith("\"")
                || value.startsWith("'")
                || value.chars().anyMatch(c -> c == ' ' || c == '\t');
        final boolean list = kind != BlockKind.SERVER && TWO_WORDS.contains(key);
        if (list || (!needed && !ALWAYS.contains(key))) {
            return value;
        }
        if (value.indexOf('"') < 0) {
            return '"' + value + '"';
        }
        if (value.indexOf('\'') < 0) {
            return "'" + value + "'";
        }
        throw new IllegalArgumentException(key + ": a value cannot hold both kinds of quotes");
    }

    static boolean same(Directive directive, String value) {
        final String joined =
                String.join(" ", directive.words().stream().map(Word::text).toList());
        return joined.equals(value) && !directive.words().isEmpty();
    }

    static String name(String name) {
        if (name.isEmpty() || name.chars().anyMatch(c -> c <= ' ' || c == '{' || c == '}' || c == '#' || c == '"')) {
            throw new IllegalArgumentException("a name is one word without braces, quotes and #: \"" + name + '"');
        }
        return name;
    }
}
