// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.rules;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ulvs.rules.Tokens.Token;

/** Reads the part of an iptables command that describes a rule. One parser reads one rule. */
final class RuleParser {
    private static final Token END = new Token("", 0);

    private final Chain chain;
    private final List<Token> tokens;
    private final ValueParser values;
    private int next;

    private List<AddressMatch> sources = List.of(AddressMatch.ANY);
    private List<AddressMatch> destinations = List.of(AddressMatch.ANY);
    private InterfaceMatch ingress = InterfaceMatch.ANY;
    private InterfaceMatch egress = InterfaceMatch.ANY;
    private ProtocolMatch protocol = ProtocolMatch.ANY;
    private final List<Match> matches = new ArrayList<>();
    private int portMatch = -1;
    private @Nullable Token openMatch;
    private @Nullable String targetName;
    private Token targetToken = END;
    private Target.@Nullable Mark mark;
    private @Nullable PortRange masqueradePorts;
    private Target.@Nullable Snat snat;

    private RuleParser(final Chain chain, final List<Token> tokens, final PortNames names) {
        this.chain = chain;
        this.tokens = tokens;
        values = new ValueParser(names);
    }

    /**
     * The rules that a description stands for: more than one where it lists several addresses.
     *
     * @param chain that the rules shall be in
     * @param tokens what comes after the command, the chain and the rule's number
     * @param names of ports
     */
    static List<Rule> parse(final Chain chain, final List<Token> tokens, final PortNames names) throws RulesException {
        final RuleParser parser = new RuleParser(chain, tokens, names);
        parser.parseOptions();
        return parser.rules();
    }

    private void parseOptions() throws RulesException {
        while (next < tokens.size()) {
            Token option = tokens.get(next++);
            boolean negated = false;
            if (option.text().equals("!")) {
                negated = true;
                if (next == tokens.size()) {
                    throw error(option, "nothing follows `!'");
                }
                option = tokens.get(next++);
            }
            if (!option.text().startsWith("-")) {
                throw error(option, "bad argument `" + option.text() + "'");
            }
            if (!parseOption(option, negated) && !parseMatchOption(option, negated)) {
                parseTargetOption(option, negated);
            }
        }
        if (openMatch != null) {
            throw error(openMatch, "match `" + openMatch.text() + "' needs an option");
        }
    }

    private boolean parseOption(final Token option, final boolean negated) throws RulesException {
        switch (option.text()) {
            case "-p", "--protocol", "--proto" -> protocol = protocol(value(option, negated));
            case "-s", "--source", "--src" -> sources = addresses(value(option, negated));
            case "-d", "--destination", "--dst" -> destinations = addresses(value(option, negated));
            case "-i", "--in-interface" -> ingress = networkInterface(option, Chain.SOURCE_NAT, value(option, negated));
            case "-o", "--out-interface" -> egress = networkInterface(option, Chain.MARKS, value(option, negated));
            case "-m", "--match" -> openMatch(plainValue(option, negated));
            case "-j", "--jump" -> openTarget(plainValue(option, negated));
            case "-c", "--set-counters" -> {
                plainValue(option, negated);
                plainValue(option, false);
            }
            case "-g", "--goto" -> throw error(option, "user-defined chains are not provided");
            case "-f", "--fragment" ->
                throw error(option, "fragments are put together before the rules see them: `-f' is not provided");
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean parseMatchOption(final Token option, final boolean negated) throws RulesException {
        switch (option.text()) {
            case "--sport", "--source-port" -> port(option, true, negated);
            case "--dport", "--destination-port" -> port(option, false, negated);
            case "--sports", "--source-ports" -> multiport(option, Match.Direction.SOURCE, negated);
            case "--dports", "--destination-ports" -> multiport(option, Match.Direction.DESTINATION, negated);
            case "--ports" -> multiport(option, Match.Direction.EITHER, negated);
            case "--comment" -> {
                final Token text = plainValue(option, negated);
                requireOpen(option, "comment");
                if (text.text().length() > Match.Comment.MAX_LENGTH) {
                    throw error(text, "a comment has at most " + Match.Comment.MAX_LENGTH + " characters");
                }
                matches.add(new Match.Comment(text.text()));
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void parseTargetOption(final Token option, final boolean negated) throws RulesException {
        switch (option.text()) {
            case "--set-mark" -> {
                final Target.Mark set = values.mark(targetValue(option, negated, "MARK"), -1);
                mark(option, new Target.Mark(set.value(), set.mask() | set.value()));
            }
            case "--set-xmark" -> mark(option, values.mark(targetValue(option, negated, "MARK"), -1));
            case "--and-mark" -> mark(option, new Target.Mark(0, ~values.number(targetValue(option, negated, "MARK"))));
            case "--or-mark" -> {
                final int bits = values.number(targetValue(option, negated, "MARK"));
                mark(option, new Target.Mark(bits, bits));
            }
            case "--xor-mark" -> mark(option, new Target.Mark(values.number(targetValue(option, negated, "MARK")), 0));
            case "--to-ports" -> masqueradePorts = values.natPorts(targetValue(option, negated, "MASQUERADE"));
            case "--to-source", "--to" -> snat = values.snat(targetValue(option, negated, "SNAT"));
            default -> throw error(option, "unknown option `" + option.text() + "'");
        }
    }

    private void mark(final Token option, final Target.Mark value) throws RulesException {
        if (mark != null) {
            throw error(option, "MARK takes one mark only");
        }
        mark = value;
    }

    private void openMatch(final Token name) throws RulesException {
        if (openMatch != null) {
            throw error(openMatch, "match `" + openMatch.text() + "' needs an option");
        }
        switch (name.text()) {
            case "tcp", "udp", "sctp" -> {
                portMatch = matches.size();
                matches.add(new Match.Ports(Protocols.number(name.text()), null, null));
            }
            case "multiport", "comment" -> openMatch = name;
            default -> throw error(name, "unknown match `" + name.text() + "'");
        }
    }

    private void requireOpen(final Token option, final String match) throws RulesException {
        if (openMatch == null || !openMatch.text().equals(match)) {
            throw error(option, "`" + option.text() + "' is an option of `-m " + match + "'");
        }
        openMatch = null;
    }

    private void port(final Token option, final boolean source, final boolean negated) throws RulesException {
        final Value value = value(option, negated);
        if (portMatch < 0) {
            if (protocol.negated()
                    || (protocol.number() != Protocols.TCP
                            && protocol.number() != Protocols.UDP
                            && protocol.number() != Protocols.SCTP)) {
                throw error(option, "`" + option.text() + "' needs `-p tcp', `-p udp' or `-p sctp' before it");
            }
            portMatch = matches.size();
            matches.add(new Match.Ports(protocol.number(), null, null));
        }
        final Match.Ports before = (Match.Ports) matches.get(portMatch);
        if ((source ? before.source() : before.destination()) != null) {
            throw error(option, "`" + option.text() + "' is given twice");
        }
        final Match.PortMatch ports = new Match.PortMatch(values.ports(value.token, before.protocol()), value.negated);
        matches.set(
                portMatch,
                new Match.Ports(
                        before.protocol(), source ? ports : before.source(), source ? before.destination() : ports));
    }

    private void multiport(final Token option, final Match.Direction direction, final boolean negated)
            throws RulesException {
        final Value value = value(option, negated);
        requireOpen(option, "multiport");
        matches.add(new Match.Multiport(direction, values.portList(value.token, protocol.number()), value.negated));
    }

    private void openTarget(final Token name) throws RulesException {
        if (targetName != null) {
            throw error(name, "a rule has one target only");
        }
        targetName = name.text();
        targetToken = name;
    }

    private Token targetValue(final Token option, final boolean negated, final String target) throws RulesException {
        if (!target.equals(targetName)) {
            throw error(option, "`" + option.text() + "' is an option of `-j " + target + "'");
        }
        return plainValue(option, negated);
    }

    private @Nullable Target target() throws RulesException {
        if (targetName == null) {
            return null;
        }
        switch (targetName) {
            case "ACCEPT" -> {
                return Target.Verdict.ACCEPT;
            }
            case "RETURN" -> {
                return Target.Verdict.RETURN;
            }
            case "MARK" -> {
                requireChain(Chain.MARKS);
                if (mark == null) {
                    throw error(
                            targetToken,
                            "MARK needs one of --set-mark, --set-xmark, --and-mark, --or-mark, " + "--xor-mark");
                }
                return mark;
            }
            case "MASQUERADE" -> {
                requireChain(Chain.SOURCE_NAT);
                requirePorts(masqueradePorts);
                return new Target.Masquerade(masqueradePorts);
            }
            case "SNAT" -> {
                requireChain(Chain.SOURCE_NAT);
                if (snat == null) {
                    throw error(targetToken, "SNAT needs --to-source");
                }
                requirePorts(snat.ports());
                return snat;
            }
            default ->
                throw error(
                        targetToken,
                        "unknown target `" + targetName + "' (known are MARK, MASQUERADE, SNAT, ACCEPT and RETURN)");
        }
    }

    private void requireChain(final Chain required) throws RulesException {
        if (chain != required) {
            throw error(
                    targetToken,
                    targetName + " is possible in table " + required.table() + ", chain " + required.label() + " only");
        }
    }

    private void requirePorts(final @Nullable PortRange ports) throws RulesException {
        if (ports != null && (protocol.negated() || !Protocols.hasPorts(protocol.number()))) {
            throw error(targetToken, "ports need `-p tcp', `-p udp' or another protocol with ports");
        }
    }

    private List<Rule> rules() throws RulesException {
        final Target target = target();
        final List<Match> allMatches = List.copyOf(matches);
        for (final Match match : allMatches) {
            if (match instanceof Match.Ports ports && (protocol.negated() || protocol.number() != ports.protocol())) {
                final String name = Protocols.name(ports.protocol());
                throw error(END, "match `" + name + "' needs `-p " + name + "'");
            }
            if (match instanceof Match.Multiport && (protocol.negated() || !Protocols.hasPorts(protocol.number()))) {
                throw error(END, "match `multiport' needs a protocol with ports (`-p tcp', `-p udp')");
            }
        }
        final List<Rule> rules = new ArrayList<>();
        for (final AddressMatch source : sources) {
            for (final AddressMatch destination : destinations) {
                rules.add(new Rule(source, destination, ingress, egress, protocol, allMatches, target));
            }
        }
        return rules;
    }

    private ProtocolMatch protocol(final Value value) throws RulesException {
        final int number = Protocols.number(value.token.text());
        if (number < 0) {
            throw error(value.token, "unknown protocol `" + value.token.text() + "'");
        }
        if (number == Protocols.ALL && value.negated) {
            throw error(value.token, "the rule would never match");
        }
        return new ProtocolMatch(number, value.negated);
    }

    private List<AddressMatch> addresses(final Value value) throws RulesException {
        final List<AddressMatch> addresses = values.addresses(value.token, value.negated);
        if (value.negated && addresses.size() > 1) {
            throw error(value.token, "`!' is not allowed with several addresses");
        }
        return addresses;
    }

    private InterfaceMatch networkInterface(final Token option, final Chain impossible, final Value value)
            throws RulesException {
        if (chain == impossible) {
            throw error(option, "can't use " + option.text() + " with " + chain.label());
        }
        return values.networkInterface(value.token, value.negated);
    }

    private Token plainValue(final Token option, final boolean negated) throws RulesException {
        final Value value = value(option, negated);
        if (value.negated) {
            throw error(option, "`!' is not possible before `" + option.text() + "'");
        }
        return value.token;
    }

    /** The value of an option; old texts have the {@code !} after the option. */
    private Value value(final Token option, final boolean negatedBefore) throws RulesException {
        boolean negated = negatedBefore;
        if (next < tokens.size() && tokens.get(next).text().equals("!")) {
            if (negated) {
                throw error(tokens.get(next), "`!' is given twice");
            }
            negated = true;
            next++;
        }
        if (next == tokens.size()) {
            throw error(option, "option `" + option.text() + "' needs a value");
        }
        return new Value(tokens.get(next++), negated);
    }

    private static RulesException error(final Token token, final String reason) {
        return new RulesException(RulesException.PARAMETER, token.column(), reason);
    }

    private record Value(Token token, boolean negated) {}
}
