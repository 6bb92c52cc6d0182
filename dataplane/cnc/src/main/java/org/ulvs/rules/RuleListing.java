// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.rules;

import java.util.List;

/** The columns of {@code iptables -L}. */
final class RuleListing {
    private final PortNames names;
    private final boolean numeric;
    private final boolean verbose;
    private final boolean lineNumbers;

    RuleListing(final PortNames names, final boolean numeric, final boolean verbose, final boolean lineNumbers) {
        this.names = names;
        this.numeric = numeric;
        this.verbose = verbose;
        this.lineNumbers = lineNumbers;
    }

    /**
     * Prints chains.
     *
     * @param row number of the one rule to print, without headings; 0 for all
     */
    String list(final RuleSet rules, final List<Chain> chains, final int row) {
        final StringBuilder text = new StringBuilder();
        for (final Chain chain : chains) {
            if (row == 0) {
                if (!text.isEmpty()) {
                    text.append('\n');
                }
                heading(text, chain);
            }
            final List<Rule> all = rules.rules(chain);
            for (int i = 0; i < all.size(); i++) {
                if (row == 0 || row == i + 1) {
                    line(text, i + 1, all.get(i));
                }
            }
        }
        return text.toString();
    }

    private void heading(final StringBuilder text, final Chain chain) {
        text.append("Chain ").append(chain.label()).append(" (policy ACCEPT");
        text.append(verbose ? " 0 packets, 0 bytes)\n" : ")\n");
        text.append(lineNumbers ? "num  " : "");
        text.append(verbose ? " pkts bytes target     prot opt in     out    " : "target     prot opt");
        text.append(" source               destination         \n");
    }

    private void line(final StringBuilder text, final int number, final Rule rule) {
        if (lineNumbers) {
            text.append(String.format("%-4d ", number));
        }
        if (verbose) {
            text.append(String.format("%5d %5d ", 0, 0));
        }
        final ProtocolMatch protocol = rule.protocol();
        text.append(String.format(
                "%-9s ", rule.target() == null ? "" : rule.target().name()));
        text.append(protocol.negated() ? '!' : ' ');
        text.append(String.format(
                "%-5s", numeric ? Integer.toString(protocol.number()) : Protocols.name(protocol.number())));
        text.append("-- ");
        if (verbose) {
            text.append(String.format(
                    " %-6s %-6s ", rule.ingress().listed(), rule.egress().listed()));
        }
        address(text, rule.source());
        address(text, rule.destination());
        rule.matches().forEach(match -> text.append(match.listed(numeric, names, protocol.number())));
        if (rule.target() != null) {
            text.append(rule.target().listed());
        }
        text.append('\n');
    }

    private void address(final StringBuilder text, final AddressMatch address) {
        final String listed = address.listed(numeric);
        text.append(address.negated() ? "" : " ");
        text.append(String.format(address.negated() ? "%-20s " : "%-19s ", listed));
    }
}
