// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.table;

import java.util.List;
import org.ulvs.cnc.CommandResult;
import org.ulvs.cnc.Errno;
import org.ulvs.rules.Classifier;

/** The director's rules for firewall marks and source NAT. Conductor only. */
final class RuleTable {
    private final Director director;
    private final List<String> ports;
    private String text = "";

    RuleTable(Director director, List<String> ports) {
        this.director = director;
        this.ports = List.copyOf(ports);
    }

    /** The rules as {@code iptables-save} prints them. */
    String text() {
        return text;
    }

    CommandResult replace(String rules) {
        if (!rules.isEmpty()) {
            return CommandResult.failed(Errno.EOPNOTSUPP, "rules on the interfaces " + ports);
        }
        text = rules;
        director.classifier(Classifier.EMPTY);
        return CommandResult.OK;
    }
}
