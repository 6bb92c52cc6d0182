// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.rules;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One rule of a chain. Two rules are equal when iptables would take one for the other in {@code -D}.
 *
 * @param source source addresses
 * @param destination destination addresses
 * @param ingress interface on which the packet came
 * @param egress interface on which the packet leaves
 * @param protocol of the packet
 * @param matches in the order of the command
 * @param target or null for a rule that does nothing
 */
record Rule(
        AddressMatch source,
        AddressMatch destination,
        InterfaceMatch ingress,
        InterfaceMatch egress,
        ProtocolMatch protocol,
        List<Match> matches,
        @Nullable Target target) {
    /** The rule as -S and iptables-save print it after the chain's name, with a blank before it. */
    String specification() {
        return specification("");
    }

    /** The rule with its counters in the place that iptables gives them. */
    String specification(final String counters) {
        final StringBuilder text = new StringBuilder();
        text.append(source.option("-s")).append(destination.option("-d"));
        text.append(ingress.option("-i")).append(egress.option("-o"));
        text.append(protocol.option());
        matches.forEach(match -> text.append(match.option()));
        text.append(counters);
        if (target != null) {
            text.append(" -j ").append(target.name()).append(target.options());
        }
        return text.toString();
    }
}
