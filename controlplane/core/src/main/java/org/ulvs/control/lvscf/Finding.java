// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvscf;

/**
 * Something to say about a place in lvs.cf.
 *
 * @param severity whether the file can be used
 * @param line from 1; 0 for the file as a whole
 * @param column from 1; 0 for the line as a whole
 * @param reason what is wrong, one sentence without a full stop
 * @param suggestion what to do instead, empty when there is nothing to suggest
 * @param refusedBy Piranha's own reason for refusing the file at this place, empty where Piranha accepted it
 */
public record Finding(Severity severity, int line, int column, String reason, String suggestion, String refusedBy) {
    /** How bad a finding is. */
    public enum Severity {
        /** Fine here; reported in strict mode only, because Piranha would have refused it. */
        NOTE,
        /** The file can be used, but probably does not say what was meant. */
        WARNING,
        /** The file cannot be used. */
        ERROR
    }

    /** Whether Piranha's own parser would have refused the file here. */
    public boolean refusedByPiranha() {
        return !refusedBy.isEmpty();
    }

    /** One line for people: {@code FILE:LINE:COLUMN: severity: reason (suggestion)}. */
    public String describe(String file) {
        final StringBuilder text = new StringBuilder(file);
        if (line > 0) {
            text.append(':').append(line);
            if (column > 0) {
                text.append(':').append(column);
            }
        }
        text.append(": ").append(label()).append(": ").append(reason);
        if (!suggestion.isEmpty()) {
            text.append(" (").append(suggestion).append(')');
        }
        if (refusedByPiranha()) {
            text.append(" [Piranha: ").append(refusedBy).append(']');
        }
        return text.toString();
    }

    private String label() {
        return switch (severity) {
            case NOTE -> "note";
            case WARNING -> "warning";
            case ERROR -> "error";
        };
    }
}
