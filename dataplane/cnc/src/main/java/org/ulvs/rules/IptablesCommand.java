// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.ulvs.rules.Tokens.Token;

/** One command line of iptables, applied to a set of rules. */
public final class IptablesCommand {
    /**
     * What a command gives.
     *
     * @param rules after the command; the same object where it changes nothing
     * @param output what it prints, lines that end with a newline
     */
    public record Outcome(RuleSet rules, String output) {}

    private final PortNames names;
    private final List<Token> rest = new ArrayList<>();
    private String table = "filter";
    private int tableColumn;
    private @Nullable Token command;
    private @Nullable Token chainName;
    private @Nullable Token number;
    private boolean numeric;
    private boolean verbose;
    private boolean lineNumbers;

    private IptablesCommand(final PortNames names) {
        this.names = names;
    }

    /**
     * Runs a command.
     *
     * @param before the rules as they are
     * @param arguments after the word iptables
     * @param names of ports
     * @throws RulesException if the command is wrong, or names something that does not exist
     */
    public static Outcome run(final RuleSet before, final List<String> arguments, final PortNames names)
            throws RulesException {
        final IptablesCommand parsed = new IptablesCommand(names);
        parsed.parse(Tokens.ofArguments(arguments));
        return parsed.apply(before);
    }

    /** The chain for rules with a name in a table. */
    static Chain ruleChain(final String table, final Token name) throws RulesException {
        final Chain chain = Chain.of(table, name.text());
        if (chain == null) {
            throw new RulesException(
                    RulesException.NOT_FOUND,
                    name.column(),
                    "no chain `" + name.text() + "' in table " + table + " (user-defined chains are not provided)");
        }
        if (!chain.holdsRules()) {
            throw new RulesException(
                    RulesException.PARAMETER,
                    name.column(),
                    "chain " + name.text() + " of table " + table + " takes no rules here, only mangle PREROUTING and"
                            + " nat POSTROUTING do");
        }
        return chain;
    }

    private void parse(final List<Token> tokens) throws RulesException {
        int i = 0;
        while (i < tokens.size()) {
            final Token token = tokens.get(i++);
            switch (token.text()) {
                case "-t", "--table" -> {
                    if (i == tokens.size()) {
                        throw error(token, "option `" + token.text() + "' needs a value");
                    }
                    tableColumn = tokens.get(i).column();
                    table = tokens.get(i++).text();
                }
                case "-n", "--numeric" -> numeric = true;
                case "-v", "--verbose" -> verbose = true;
                case "--line-numbers" -> lineNumbers = true;
                case "-w", "--wait", "-4", "--ipv4" -> {
                    // nobody to wait for, nothing else to choose
                }
                case "-nL", "-nvL", "-vnL", "-Ln", "-Lnv", "-Lvn", "-vL", "-Lv" -> {
                    numeric |= token.text().contains("n");
                    verbose |= token.text().contains("v");
                    i = command(new Token("-L", token.column()), tokens, i);
                }
                default -> {
                    if (isCommand(token.text())) {
                        i = command(token, tokens, i);
                    } else {
                        rest.add(token);
                    }
                }
            }
        }
        if (command == null) {
            throw new RulesException(RulesException.PARAMETER, 0, "no command specified");
        }
        if (!Chain.TABLES.contains(table)) {
            throw new RulesException(
                    RulesException.PARAMETER,
                    tableColumn,
                    "table `" + table + "' is not provided, only mangle and nat are (-t)");
        }
    }

    private static boolean isCommand(final String text) {
        return switch (text) {
            case "-A", "--append", "-C", "--check", "-D", "--delete", "-I", "--insert", "-R", "--replace" -> true;
            case "-L", "--list", "-S", "--list-rules", "-F", "--flush", "-Z", "--zero", "-P", "--policy" -> true;
            case "-N", "--new-chain", "-X", "--delete-chain", "-E", "--rename-chain" -> true;
            default -> false;
        };
    }

    /** Takes the command with its chain and number. Returns the index of the next token. */
    private int command(final Token token, final List<Token> tokens, final int start) throws RulesException {
        if (command != null) {
            throw error(token, "only one command can be given");
        }
        command = token;
        int i = start;
        if (i < tokens.size() && !tokens.get(i).text().startsWith("-") && !isNegation(tokens.get(i))) {
            chainName = tokens.get(i++);
            if (i < tokens.size() && !tokens.get(i).text().startsWith("-") && !isNegation(tokens.get(i))) {
                number = tokens.get(i++);
            }
        }
        return i;
    }

    private static boolean isNegation(final Token token) {
        return token.text().equals("!");
    }

    private Outcome apply(final RuleSet before) throws RulesException {
        final Token given = Objects.requireNonNull(command);
        switch (given.text()) {
            case "-A", "--append" -> {
                final Chain chain = requireChain(given);
                requireNoNumber();
                return changed(before.withInserted(chain, before.size(chain), rules(chain)));
            }
            case "-I", "--insert" -> {
                final Chain chain = requireChain(given);
                final int index = number == null ? 0 : index(before.size(chain) + 1, "insertion");
                return changed(before.withInserted(chain, index, rules(chain)));
            }
            case "-R", "--replace" -> {
                return changed(replace(before, given));
            }
            case "-D", "--delete" -> {
                return changed(delete(before, requireChain(given)));
            }
            case "-C", "--check" -> {
                final Chain chain = requireChain(given);
                for (final Rule rule : rules(chain)) {
                    indexOf(before, chain, rule);
                }
                return new Outcome(before, "");
            }
            case "-F", "--flush" -> {
                requireNoRule();
                RuleSet after = before;
                for (final Chain chain : chains()) {
                    after = after.with(chain, List.of());
                }
                return changed(after);
            }
            case "-L", "--list" -> {
                requireNoRule();
                return new Outcome(
                        before, new RuleListing(names, numeric, verbose, lineNumbers).list(before, chains(), row()));
            }
            case "-S", "--list-rules" -> {
                requireNoRule();
                return new Outcome(before, specifications(before));
            }
            case "-P", "--policy" -> {
                if (chainName == null || number == null) {
                    throw error(given, "`-P' needs a chain and a policy");
                }
                chains();
                if (!number.text().equals("ACCEPT")) {
                    throw error(number, "policy `" + number.text() + "' is not provided, only ACCEPT is");
                }
                return new Outcome(before, "");
            }
            case "-Z", "--zero", "-X", "--delete-chain" -> {
                if (chainName != null && given.text().matches("-X|--delete-chain")) {
                    throw error(chainName, "user-defined chains are not provided");
                }
                return new Outcome(before, "");
            }
            default -> throw error(given, "user-defined chains are not provided");
        }
    }

    private RuleSet replace(final RuleSet before, final Token given) throws RulesException {
        final Chain chain = requireChain(given);
        if (number == null) {
            throw error(given, "`-R' needs the number of a rule");
        }
        final int index = index(before.size(chain), "replacement");
        final List<Rule> replacement = rules(chain);
        if (replacement.size() != 1) {
            throw error(given, "a rule can be replaced by one rule only");
        }
        return before.withReplaced(chain, index, replacement.get(0));
    }

    private RuleSet delete(final RuleSet before, final Chain chain) throws RulesException {
        if (number != null) {
            requireNoRule();
            return before.without(chain, index(before.size(chain), "deletion"));
        }
        RuleSet after = before;
        for (final Rule rule : rules(chain)) {
            after = after.without(chain, indexOf(after, chain, rule));
        }
        return after;
    }

    private static int indexOf(final RuleSet rules, final Chain chain, final Rule rule) throws RulesException {
        final int index = rules.rules(chain).indexOf(rule);
        if (index < 0) {
            throw new RulesException(
                    RulesException.NOT_FOUND, 0, "Bad rule (does a matching rule exist in that chain?).");
        }
        return index;
    }

    private String specifications(final RuleSet rules) throws RulesException {
        final StringBuilder text = new StringBuilder();
        final int row = row();
        final String counters = verbose ? " -c 0 0" : "";
        if (row == 0) {
            for (final Chain chain : chains()) {
                text.append("-P ").append(chain.label()).append(" ACCEPT");
                text.append(counters).append('\n');
            }
        }
        for (final Chain chain : chains()) {
            for (int i = 0; i < rules.size(chain); i++) {
                if (row == 0 || row == i + 1) {
                    text.append("-A ").append(chain.label());
                    text.append(rules.rules(chain).get(i).specification(counters));
                    text.append('\n');
                }
            }
        }
        return text.toString();
    }

    private Outcome changed(final RuleSet after) {
        return new Outcome(after, "");
    }

    private Chain requireChain(final Token given) throws RulesException {
        if (chainName == null) {
            throw error(given, "`" + given.text() + "' needs a chain");
        }
        return ruleChain(table, chainName);
    }

    /** The chain that is named, or all chains of the table. */
    private List<Chain> chains() throws RulesException {
        if (chainName == null) {
            return Chain.of(table);
        }
        final Chain chain = Chain.of(table, chainName.text());
        if (chain == null) {
            throw new RulesException(
                    RulesException.NOT_FOUND,
                    chainName.column(),
                    "no chain `" + chainName.text() + "' in table " + table);
        }
        return List.of(chain);
    }

    private List<Rule> rules(final Chain chain) throws RulesException {
        return RuleParser.parse(chain, rest, names);
    }

    private void requireNoRule() throws RulesException {
        if (!rest.isEmpty()) {
            throw error(rest.get(0), "unexpected argument `" + rest.get(0).text() + "'");
        }
    }

    private void requireNoNumber() throws RulesException {
        if (number != null) {
            throw error(number, "bad argument `" + number.text() + "'");
        }
    }

    /** The number of the one rule to show, or 0 for all. */
    private int row() throws RulesException {
        return number == null ? 0 : index(RuleSet.CAPACITY, "listing") + 1;
    }

    private int index(final int max, final String purpose) throws RulesException {
        final Token given = Objects.requireNonNull(number);
        final int value = Numbers.parse(given.text(), Integer.MAX_VALUE);
        if (value < 1) {
            throw error(given, "`" + given.text() + "' is not the number of a rule");
        }
        if (value > max) {
            throw new RulesException(RulesException.NOT_FOUND, given.column(), "Index of " + purpose + " too big.");
        }
        return value - 1;
    }

    private static RulesException error(final Token token, final String reason) {
        return new RulesException(RulesException.PARAMETER, token.column(), reason);
    }
}
