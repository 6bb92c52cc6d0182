// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.rules;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a rule asks beyond addresses, interfaces and protocol: a {@code -m} with its options. */
sealed interface Match {
    /** As iptables-save prints it, with a blank before it. */
    String option();

    /** As -L prints it after the addresses, with a blank before it. */
    String listed(boolean numeric, PortNames names, int protocol);

    /**
     * {@code -m tcp}, {@code -m udp} or {@code -m sctp}.
     *
     * @param protocol number of the protocol
     * @param source ports, or null for any
     * @param destination ports, or null for any
     */
    record Ports(
            int protocol,
            @Nullable PortMatch source,
            @Nullable PortMatch destination) implements Match {
        @Override
        public String option() {
            return " -m " + Protocols.name(protocol)
                    + (source == null ? "" : source.option("--sport"))
                    + (destination == null ? "" : destination.option("--dport"));
        }

        @Override
        public String listed(final boolean numeric, final PortNames names, final int ruleProtocol) {
            return " " + Protocols.name(protocol)
                    + (source == null ? "" : source.listed("spt", numeric, names, protocol))
                    + (destination == null ? "" : destination.listed("dpt", numeric, names, protocol));
        }
    }

    /**
     * The value of --sport or --dport.
     *
     * @param range ports
     * @param negated whether the other ports match
     */
    record PortMatch(PortRange range, boolean negated) {
        String option(final String option) {
            return (negated ? " ! " : " ") + option + " " + range;
        }

        String listed(final String label, final boolean numeric, final PortNames names, final int protocol) {
            return " " + label + (range.low() == range.high() ? ":" : "s:") + (negated ? "!" : "")
                    + range.listed(numeric, names, protocol);
        }

        RangeSet ranges() {
            final RangeSet inside = RangeSet.of(range.low(), range.high());
            return negated ? inside.complement() : inside;
        }
    }

    /** Which ports a multiport match looks at. */
    enum Direction {
        /** Source ports. */
        SOURCE("sports"),
        /** Destination ports. */
        DESTINATION("dports"),
        /** Either of them. */
        EITHER("ports");

        private final String label;

        Direction(final String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    /**
     * {@code -m multiport}.
     *
     * @param direction which ports
     * @param ranges at most 15 ports, a range being two
     * @param negated whether the other ports match
     */
    record Multiport(Direction direction, List<PortRange> ranges, boolean negated) implements Match {
        static final int MAX_PORTS = 15;

        @Override
        public String option() {
            return " -m multiport" + (negated ? " !" : "") + " --" + direction.label() + " "
                    + String.join(",", ranges.stream().map(PortRange::toString).toList());
        }

        @Override
        public String listed(final boolean numeric, final PortNames names, final int protocol) {
            return " multiport " + direction.label() + (negated ? "  !" : " ")
                    + String.join(
                            ",",
                            ranges.stream()
                                    .map(range -> range.listed(numeric, names, protocol))
                                    .toList());
        }

        /** The ports that are named, whether negated or not. */
        RangeSet named() {
            RangeSet set = RangeSet.NONE;
            for (final PortRange range : ranges) {
                set = set.union(RangeSet.of(range.low(), range.high()));
            }
            return set;
        }
    }

    /**
     * {@code -m comment}: matches everything.
     *
     * @param text up to 255 characters
     */
    record Comment(String text) implements Match {
        static final int MAX_LENGTH = 255;

        @Override
        public String option() {
            return " -m comment --comment " + Tokens.quote(text);
        }

        @Override
        public String listed(final boolean numeric, final PortNames names, final int protocol) {
            return " /* " + text + " */";
        }
    }
}
