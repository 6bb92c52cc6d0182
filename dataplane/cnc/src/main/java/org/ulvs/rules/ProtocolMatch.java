// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.rules;

/**
 * A protocol, or all others.
 *
 * @param number of the protocol, 0 for any
 * @param negated whether the other protocols match
 */
record ProtocolMatch(int number, boolean negated) {
    static final ProtocolMatch ANY = new ProtocolMatch(Protocols.ALL, false);

    String option() {
        return number == Protocols.ALL ? "" : (negated ? " ! " : " ") + "-p " + Protocols.name(number);
    }

    RangeSet ranges() {
        if (number == Protocols.ALL) {
            return RangeSet.ALL;
        }
        final RangeSet one = RangeSet.of(number, number);
        return negated ? one.complement() : one;
    }
}
