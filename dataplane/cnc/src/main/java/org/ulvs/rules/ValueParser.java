// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.rules;

import java.util.ArrayList;
import java.util.List;
import org.ulvs.rules.Tokens.Token;

/** Reads the values of options. */
final class ValueParser {
    private final PortNames names;

    ValueParser(final PortNames names) {
        this.names = names;
    }

    /** Addresses separated by commas, each with a prefix length, a mask or nothing. */
    List<AddressMatch> addresses(final Token token, final boolean negated) throws RulesException {
        final List<AddressMatch> addresses = new ArrayList<>();
        for (final String text : token.text().split(",", -1)) {
            final int slash = text.indexOf('/');
            final String host = slash < 0 ? text : text.substring(0, slash);
            final long address = Numbers.parseAddress(host);
            if (address < 0) {
                throw error(token, "`" + host + "' is not an IPv4 address (names are not looked up)");
            }
            final int prefixLength = slash < 0 ? 32 : prefixLength(token, text.substring(slash + 1));
            addresses.add(AddressMatch.of((int) address, prefixLength, negated));
        }
        return addresses;
    }

    private static int prefixLength(final Token token, final String text) throws RulesException {
        final int bits = Numbers.parse(text, 32);
        if (bits >= 0) {
            return bits;
        }
        final long mask = Numbers.parseAddress(text);
        if (mask < 0) {
            throw error(token, "invalid mask `" + text + "'");
        }
        final int length = Integer.bitCount((int) mask);
        if (mask != (RangeSet.MAX << (32 - length) & RangeSet.MAX)) {
            throw error(token, "mask `" + text + "' has holes, which is not provided");
        }
        return length;
    }

    InterfaceMatch networkInterface(final Token token, final boolean negated) throws RulesException {
        final String name = token.text();
        if (name.isEmpty() || name.length() > InterfaceMatch.MAX_LENGTH || name.matches(".*[/\\s].*")) {
            throw error(token, "`" + name + "' is not a name of an interface");
        }
        return new InterfaceMatch(name, negated);
    }

    /** A port or a range with a colon, either end of which may be left out. */
    PortRange ports(final Token token, final int protocol) throws RulesException {
        return ports(token, token.text(), protocol);
    }

    private PortRange ports(final Token token, final String text, final int protocol) throws RulesException {
        final int colon = text.indexOf(':');
        if (colon < 0) {
            final int port = port(token, text, protocol);
            return new PortRange(port, port);
        }
        final String lowText = text.substring(0, colon);
        final String highText = text.substring(colon + 1);
        final int low = lowText.isEmpty() ? 0 : port(token, lowText, protocol);
        final int high = highText.isEmpty() ? PortRange.MAX_PORT : port(token, highText, protocol);
        if (low > high) {
            throw error(token, "invalid port range `" + text + "' (first port above last)");
        }
        return new PortRange(low, high);
    }

    List<PortRange> portList(final Token token, final int protocol) throws RulesException {
        final List<PortRange> ranges = new ArrayList<>();
        int count = 0;
        for (final String text : token.text().split(",", -1)) {
            final PortRange range = ports(token, text, protocol);
            final boolean isRange = text.indexOf(':') >= 0;
            if (isRange && range.low() == range.high()) {
                throw error(token, "invalid port range `" + text + "' (first port not below last)");
            }
            ranges.add(range);
            count += isRange ? 2 : 1;
        }
        if (count > Match.Multiport.MAX_PORTS) {
            throw error(token, "too many ports: at most " + Match.Multiport.MAX_PORTS + ", a range being two");
        }
        return List.copyOf(ranges);
    }

    private int port(final Token token, final String text, final int protocol) throws RulesException {
        final int number = Numbers.parse(text, PortRange.MAX_PORT);
        final int port = number >= 0 ? number : names.port(text, protocol);
        if (port < 0) {
            throw error(token, "invalid port/service `" + text + "'");
        }
        return port;
    }

    /** A value with a mask after a slash, or without. */
    Target.Mark mark(final Token token, final int defaultMask) throws RulesException {
        final int slash = token.text().indexOf('/');
        if (slash < 0) {
            return new Target.Mark(number(token), defaultMask);
        }
        return new Target.Mark(
                number(token, token.text().substring(0, slash)),
                number(token, token.text().substring(slash + 1)));
    }

    int number(final Token token) throws RulesException {
        return number(token, token.text());
    }

    private static int number(final Token token, final String text) throws RulesException {
        final long number = Numbers.parseUnsigned(text);
        if (number < 0) {
            throw error(token, "`" + text + "' is not a number of 32 bits");
        }
        return (int) number;
    }

    /** Ports of a NAT target: one, or two with a hyphen. */
    PortRange natPorts(final Token token) throws RulesException {
        return natPorts(token, token.text());
    }

    private static PortRange natPorts(final Token token, final String text) throws RulesException {
        final int hyphen = text.indexOf('-');
        final int low = Numbers.parse(hyphen < 0 ? text : text.substring(0, hyphen), PortRange.MAX_PORT);
        final int high = hyphen < 0 ? low : Numbers.parse(text.substring(hyphen + 1), PortRange.MAX_PORT);
        if (low < 1 || high < low) {
            throw error(token, "invalid ports `" + text + "'");
        }
        return new PortRange(low, high);
    }

    /** Address, or first and last with a hyphen, and perhaps ports after a colon. */
    Target.Snat snat(final Token token) throws RulesException {
        final String text = token.text();
        final int colon = text.indexOf(':');
        final String addresses = colon < 0 ? text : text.substring(0, colon);
        final int hyphen = addresses.indexOf('-');
        final long low = Numbers.parseAddress(hyphen < 0 ? addresses : addresses.substring(0, hyphen));
        final long high = hyphen < 0 ? low : Numbers.parseAddress(addresses.substring(hyphen + 1));
        if (low < 0 || high < low) {
            throw error(token, "bad address `" + addresses + "'");
        }
        return new Target.Snat((int) low, (int) high, colon < 0 ? null : natPorts(token, text.substring(colon + 1)));
    }

    private static RulesException error(final Token token, final String reason) {
        return new RulesException(RulesException.PARAMETER, token.column(), reason);
    }
}
