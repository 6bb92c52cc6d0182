// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.rules;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** All rules. Immutable: each edit gives a new set. */
public final class RuleSet {
    /** No rules. */
    public static final RuleSet EMPTY = new RuleSet(Map.of());
    /** Rules that a chain can hold; a fixed capacity because the compiled form grows with its square. */
    public static final int CAPACITY = 8_192;

    private final Map<Chain, List<Rule>> rules;

    private RuleSet(final Map<Chain, List<Rule>> rules) {
        this.rules = rules;
    }

    /**
     * The rules of a text as iptables-save prints it.
     *
     * @throws RulesException with everything that is wrong with the text
     */
    public static RuleSet parse(final String text, final PortNames names) throws RulesException {
        return SavedRules.restore(EMPTY, text, names, false);
    }

    /**
     * These rules with the tables of a text in place of their own, as iptables-restore does it.
     *
     * @param keep whether the rules of those tables stay and the text's come in addition ({@code --noflush})
     * @throws RulesException with everything that is wrong with the text
     */
    public RuleSet restore(final String text, final PortNames names, final boolean keep) throws RulesException {
        return SavedRules.restore(this, text, names, keep);
    }

    /** The text that iptables-save prints, which {@link #parse} reads again. */
    public String save() {
        return SavedRules.print(this, Chain.TABLES);
    }

    /** Like {@link #save()}, for one table. */
    public String save(final String table) {
        return SavedRules.print(this, List.of(table));
    }

    /** Whether there is no rule at all. */
    public boolean isEmpty() {
        return rules.isEmpty();
    }

    /** Number of rules in a chain. */
    public int size(final Chain chain) {
        return rules(chain).size();
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof RuleSet that && rules.equals(that.rules);
    }

    @Override
    public int hashCode() {
        return Objects.hash(rules);
    }

    @Override
    public String toString() {
        return save();
    }

    List<Rule> rules(final Chain chain) {
        return rules.getOrDefault(chain, List.of());
    }

    RuleSet withInserted(final Chain chain, final int index, final List<Rule> added) throws RulesException {
        final List<Rule> changed = new ArrayList<>(rules(chain));
        changed.addAll(index, added);
        if (changed.size() > CAPACITY) {
            throw new RulesException(
                    RulesException.PARAMETER, 0, "chain " + chain.label() + " holds at most " + CAPACITY + " rules");
        }
        return with(chain, changed);
    }

    RuleSet withReplaced(final Chain chain, final int index, final Rule rule) {
        final List<Rule> changed = new ArrayList<>(rules(chain));
        changed.set(index, rule);
        return with(chain, changed);
    }

    RuleSet without(final Chain chain, final int index) {
        final List<Rule> changed = new ArrayList<>(rules(chain));
        changed.remove(index);
        return with(chain, changed);
    }

    RuleSet with(final Chain chain, final List<Rule> changed) {
        final Map<Chain, List<Rule>> all = new EnumMap<>(Chain.class);
        all.putAll(rules);
        if (changed.isEmpty()) {
            all.remove(chain);
        } else {
            all.put(chain, List.copyOf(changed));
        }
        return new RuleSet(all);
    }
}
