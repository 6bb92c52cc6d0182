// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.rules;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A built-in chain. Only {@link #MARKS} and {@link #SOURCE_NAT} can hold rules; the others are always empty. */
public enum Chain {
    /** Where packets get their firewall mark. */
    MARKS("mangle", "PREROUTING", true),
    /** Always empty. */
    MANGLE_INPUT("mangle", "INPUT", false),
    /** Always empty. */
    MANGLE_FORWARD("mangle", "FORWARD", false),
    /** Always empty. */
    MANGLE_OUTPUT("mangle", "OUTPUT", false),
    /** Always empty. */
    MANGLE_POSTROUTING("mangle", "POSTROUTING", false),
    /** Always empty. */
    NAT_PREROUTING("nat", "PREROUTING", false),
    /** Always empty. */
    NAT_INPUT("nat", "INPUT", false),
    /** Always empty. */
    NAT_OUTPUT("nat", "OUTPUT", false),
    /** Where connections that real servers open get the director's address. */
    SOURCE_NAT("nat", "POSTROUTING", true);

    /** The tables, in the order in which they are saved. */
    static final List<String> TABLES = List.of("mangle", "nat");

    private final String table;
    private final String label;
    private final boolean holdsRules;

    Chain(final String table, final String label, final boolean holdsRules) {
        this.table = table;
        this.label = label;
        this.holdsRules = holdsRules;
    }

    /** Name of the chain's table. */
    public String table() {
        return table;
    }

    /** The chain's name, as in {@code -A}. */
    public String label() {
        return label;
    }

    boolean holdsRules() {
        return holdsRules;
    }

    static List<Chain> of(final String table) {
        return Arrays.stream(values())
                .filter(chain -> chain.table.equals(table))
                .toList();
    }

    static @Nullable Chain of(final String table, final String label) {
        return of(table).stream()
                .filter(chain -> chain.label.equals(label))
                .findFirst()
                .orElse(null);
    }
}
