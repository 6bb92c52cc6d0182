// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.table;

import java.util.List;
import org.ulvs.cnc.CommandResult;
import org.ulvs.cnc.Errno;
import org.ulvs.rules.Classifier;
import org.ulvs.rules.PortNames;
import org.ulvs.rules.RuleSet;
import org.ulvs.rules.RulesException;

/** The director's rules for firewall marks and source NAT. Conductor only. */
final class RuleTable {
    private final Director director;
    private final List<String> ports;
    private RuleSet rules = RuleSet.EMPTY;

    RuleTable(Director director, List<String> ports) {
        this.director = director;
        this.ports = List.copyOf(ports);
    }

    /** The rules as {@code iptables-save} prints them, empty for none. */
    String text() {
        return rules.equals(RuleSet.EMPTY) ? "" : rules.save();
    }

    CommandResult replace(String text) {
        final RuleSet replacement;
        try {
            replacement = RuleSet.parse(text, PortNames.NONE);
        } catch (final RulesException e) {
            return CommandResult.failed(Errno.EINVAL, String.valueOf(e.getMessage()));
        }
        rules = replacement;
        director.classifier(Classifier.compile(rules, ports));
        return CommandResult.OK;
    }
}
