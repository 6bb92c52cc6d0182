// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.rules;

/**
 * Addresses with a common prefix, or all others.
 *
 * @param address host order, with 0 in the bits after the prefix
 * @param prefixLength 0 to 32
 * @param negated whether the addresses outside match
 */
record AddressMatch(int address, int prefixLength, boolean negated) {
    static final AddressMatch ANY = new AddressMatch(0, 0, false);

    static AddressMatch of(final int address, final int prefixLength, final boolean negated) {
        return new AddressMatch(address & mask(prefixLength), prefixLength, negated);
    }

    boolean isAny() {
        return prefixLength == 0 && !negated;
    }

    RangeSet ranges() {
        final long low = Integer.toUnsignedLong(address);
        final RangeSet inside = RangeSet.of(low, low | Integer.toUnsignedLong(~mask(prefixLength)));
        return negated ? inside.complement() : inside;
    }

    /** The option with its value, as iptables-save prints it, with a blank before it. */
    String option(final String option) {
        if (isAny()) {
            return "";
        }
        return (negated ? " ! " : " ") + option + " " + Numbers.address(address) + "/" + prefixLength;
    }

    /** As in a column of -L. */
    String listed(final boolean numeric) {
        final String text;
        if (prefixLength == 0) {
            text = numeric ? "0.0.0.0/0" : "anywhere";
        } else {
            text = Numbers.address(address) + (prefixLength == 32 ? "" : "/" + prefixLength);
        }
        return negated ? "!" + text : text;
    }

    private static int mask(final int prefixLength) {
        return prefixLength == 0 ? 0 : -1 << (32 - prefixLength);
    }
}
