// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.rules;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The rules as the packet path asks them. Immutable; nothing is allocated by a question.
 *
 * <p>For each of the six things that rules look at, the values fall into ranges within which all rules give the same
 * answer; for each range there is a row of bits, one a rule. A question finds its six rows by binary search and takes
 * their intersection, 64 rules at a time. Its cost grows with the logarithm of the number of rules plus a sixty-fourth
 * of the number.
 */
public final class Classifier {
    /** Gives every packet the mark 0 and translates nothing. */
    public static final Classifier EMPTY = compile(RuleSet.EMPTY, List.of());

    private final RuleMatrix marks;
    private final long[] endsMarks;
    private final long[] setsAllBits;
    private final int[] values;
    private final int[] masks;
    private final int[] ruleOf;

    private final RuleMatrix translations;
    private final @Nullable SourceNat[] sourceNats;

    private Classifier(
            final List<RuleEntry> markEntries, final List<RuleEntry> natEntries, final List<String> interfaces) {
        marks = new RuleMatrix(markEntries, interfaces);
        endsMarks = new long[marks.words()];
        setsAllBits = new long[marks.words()];
        values = new int[markEntries.size()];
        masks = new int[markEntries.size()];
        ruleOf = new int[markEntries.size()];
        for (int i = 0; i < markEntries.size(); i++) {
            final RuleEntry entry = markEntries.get(i);
            ruleOf[i] = entry.rule();
            if (entry.target() instanceof Target.Mark mark) {
                values[i] = mark.value();
                masks[i] = mark.mask();
                if (mark.mask() == -1) {
                    setsAllBits[i >>> 6] |= 1L << i;
                }
            } else {
                endsMarks[i >>> 6] |= 1L << i;
            }
        }
        translations = new RuleMatrix(natEntries, interfaces);
        sourceNats = new SourceNat[natEntries.size()];
        for (int i = 0; i < natEntries.size(); i++) {
            sourceNats[i] = sourceNat(natEntries.get(i).target());
        }
    }

    /**
     * Compiles rules.
     *
     * @param rules as they were read
     * @param interfaces names of the interfaces, in the order of the indexes in questions
     */
    public static Classifier compile(final RuleSet rules, final List<String> interfaces) {
        return new Classifier(entries(rules, Chain.MARKS), entries(rules, Chain.SOURCE_NAT), interfaces);
    }

    /** Whether any packet can get a mark other than 0. */
    public boolean hasMarks() {
        return values.length > 0;
    }

    /** How sources are translated by any rule, each way once. */
    public List<SourceNat> sourceNats() {
        return Arrays.stream(sourceNats).filter(Objects::nonNull).distinct().toList();
    }

    /** Whether any packet can be translated. */
    public boolean hasSourceNat() {
        return sourceNats.length > 0;
    }

    /**
     * The firewall mark of a packet that came in.
     *
     * @param protocol number
     * @param source address, host order
     * @param destination address, host order
     * @param sourcePort 0 where the protocol has none
     * @param destinationPort 0 where the protocol has none
     * @param ingress index of the interface, -1 for one that is not among those given to {@link #compile}
     */
    public int mark(
            final int protocol,
            final int source,
            final int destination,
            final int sourcePort,
            final int destinationPort,
            final int ingress) {
        if (values.length == 0) {
            return 0;
        }
        final RuleMatrix m = marks;
        final int row0 = m.row(RuleMatrix.PROTOCOL, protocol);
        final int row1 = m.row(RuleMatrix.SOURCE, source);
        final int row2 = m.row(RuleMatrix.DESTINATION, destination);
        final int row3 = m.row(RuleMatrix.SOURCE_PORT, sourcePort);
        final int row4 = m.row(RuleMatrix.DESTINATION_PORT, destinationPort);
        final int row5 = m.row(RuleMatrix.INTERFACE, ingress);
        int mark = 0;
        int lastRule = -1;
        for (int word = 0; word < endsMarks.length; word++) {
            long matching = m.matching(word, row0, row1, row2, row3, row4, row5);
            final long end = Long.lowestOneBit(matching & endsMarks[word]);
            if (end != 0) {
                matching &= end - 1;
            }
            final long overwriting = Long.highestOneBit(matching & setsAllBits[word]);
            if (overwriting != 0) {
                // what the rules before it did is lost
                matching &= -overwriting;
                mark = 0;
                lastRule = -1;
            }
            while (matching != 0) {
                final int i = word << 6 | Long.numberOfTrailingZeros(matching);
                if (ruleOf[i] != lastRule) {
                    mark = (mark & ~masks[i]) ^ values[i];
                    lastRule = ruleOf[i];
                }
                matching &= matching - 1;
            }
            if (end != 0) {
                break;
            }
        }
        return mark;
    }

    /**
     * How the source of a packet that goes out is to be rewritten: the first matching rule decides.
     *
     * @param protocol number
     * @param source address, host order
     * @param destination address, host order
     * @param sourcePort 0 where the protocol has none
     * @param destinationPort 0 where the protocol has none
     * @param egress index of the interface, -1 for one that is not among those given to {@link #compile}
     * @return null where the packet stays as it is
     */
    public @Nullable SourceNat sourceNat(
            final int protocol,
            final int source,
            final int destination,
            final int sourcePort,
            final int destinationPort,
            final int egress) {
        if (sourceNats.length == 0) {
            return null;
        }
        final RuleMatrix m = translations;
        final int row0 = m.row(RuleMatrix.PROTOCOL, protocol);
        final int row1 = m.row(RuleMatrix.SOURCE, source);
        final int row2 = m.row(RuleMatrix.DESTINATION, destination);
        final int row3 = m.row(RuleMatrix.SOURCE_PORT, sourcePort);
        final int row4 = m.row(RuleMatrix.DESTINATION_PORT, destinationPort);
        final int row5 = m.row(RuleMatrix.INTERFACE, egress);
        for (int word = 0; word < m.words(); word++) {
            final long matching = m.matching(word, row0, row1, row2, row3, row4, row5);
            if (matching != 0) {
                return sourceNats[word << 6 | Long.numberOfTrailingZeros(matching)];
            }
        }
        return null;
    }

    private static @Nullable SourceNat sourceNat(final Target target) {
        if (target instanceof Target.Snat snat) {
            final PortRange ports = snat.ports();
            return new SourceNat(
                    false,
                    snat.lowAddress(),
                    snat.highAddress(),
                    ports == null ? 0 : ports.low(),
                    ports == null ? 0 : ports.high());
        } else if (target instanceof Target.Masquerade masquerade) {
            final PortRange ports = masquerade.ports();
            return new SourceNat(true, 0, 0, ports == null ? 0 : ports.low(), ports == null ? 0 : ports.high());
        }
        return null;
    }

    private static List<RuleEntry> entries(final RuleSet rules, final Chain chain) {
        final List<RuleEntry> entries = new ArrayList<>();
        final List<Rule> all = rules.rules(chain);
        for (int i = 0; i < all.size(); i++) {
            entries.addAll(RuleEntry.of(i, all.get(i)));
        }
        return entries;
    }
}
