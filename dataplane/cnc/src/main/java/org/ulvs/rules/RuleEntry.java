// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.rules;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A rule as a product of sets. A rule that asks for one port or the other is two entries.
 *
 * @param rule number of the rule in its chain, from 0
 * @param sets for each dimension of {@link RuleMatrix} the values that match
 * @param networkInterface on which the packet comes or leaves
 * @param target of the rule
 */
record RuleEntry(int rule, List<RangeSet> sets, InterfaceMatch networkInterface, Target target) {
    /** The entries of a rule; none where it does nothing or never matches. */
    static List<RuleEntry> of(final int number, final Rule rule) {
        final Target target = rule.target();
        if (target == null) {
            return List.of();
        }
        final List<RangeSet> sets = new ArrayList<>(Collections.nCopies(RuleMatrix.DIMENSIONS, RangeSet.ALL));
        sets.set(RuleMatrix.PROTOCOL, rule.protocol().ranges());
        sets.set(RuleMatrix.SOURCE, rule.source().ranges());
        sets.set(RuleMatrix.DESTINATION, rule.destination().ranges());
        List<List<RangeSet>> products = List.of(sets);
        for (final Match match : rule.matches()) {
            final List<List<RangeSet>> restricted = new ArrayList<>();
            for (final List<RangeSet> product : products) {
                restricted.addAll(restrict(product, match));
            }
            products = restricted;
        }
        final InterfaceMatch networkInterface = rule.ingress().isAny() ? rule.egress() : rule.ingress();
        return products.stream()
                .filter(product -> product.stream().noneMatch(RangeSet::isEmpty))
                .map(product -> new RuleEntry(number, product, networkInterface, target))
                .toList();
    }

    private static List<List<RangeSet>> restrict(final List<RangeSet> product, final Match match) {
        if (match instanceof Match.Ports ports) {
            final Match.PortMatch source = ports.source();
            final Match.PortMatch destination = ports.destination();
            return List.of(restrict(
                    product,
                    source == null ? RangeSet.ALL : source.ranges(),
                    destination == null ? RangeSet.ALL : destination.ranges()));
        } else if (match instanceof Match.Multiport multiport) {
            final RangeSet named = multiport.negated() ? multiport.named().complement() : multiport.named();
            final List<RangeSet> bySource = restrict(product, named, RangeSet.ALL);
            final List<RangeSet> byDestination = restrict(product, RangeSet.ALL, named);
            return switch (multiport.direction()) {
                case SOURCE -> List.of(bySource);
                case DESTINATION -> List.of(byDestination);
                case EITHER ->
                    multiport.negated() ? List.of(restrict(product, named, named)) : List.of(bySource, byDestination);
            };
        }
        return List.of(product);
    }

    private static List<RangeSet> restrict(
            final List<RangeSet> product, final RangeSet source, final RangeSet destination) {
        final List<RangeSet> restricted = new ArrayList<>(product);
        restricted.set(
                RuleMatrix.SOURCE_PORT, product.get(RuleMatrix.SOURCE_PORT).intersection(source));
        restricted.set(
                RuleMatrix.DESTINATION_PORT,
                product.get(RuleMatrix.DESTINATION_PORT).intersection(destination));
        return restricted;
    }
}
