// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvscf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.ulvs.control.lvscf.Finding.Severity;

/** Collects findings while a file is read. */
final class Findings {
    /** Piranha's words for its reasons. */
    static final String UNEXPECTED_ARGUMENTS = "unexpected arguments";

    static final String UNKNOWN_COMMAND = "unknown command";
    static final String QUOTATION_MISMATCH = "quotation mismatch";
    static final String EQUAL_EXPECTED = "equal (=) expected after command";
    static final String MISSING_ARGUMENTS = "missing arguments";
    static final String INTEGER_EXPECTED = "integer expected";
    static final String BOOLEAN_EXPECTED = "boolean expected";
    static final String INVALID_HOST = "invalid host name or ip address";
    static final String INVALID_ARGUMENT = "invalid argument";
    static final String BAD_MASK = "Bad subnet mask specified";
    static final String UNEXPECTED_END = "unexpected end of file";
    static final String EMPTY = "Empty configuration";

    private final List<Finding> list = new ArrayList<>();

    void add(Severity severity, int line, int column, String reason, String suggestion, String refusedBy) {
        list.add(new Finding(severity, line, column, reason, suggestion, refusedBy));
    }

    void error(int line, int column, String reason, String suggestion, String refusedBy) {
        add(Severity.ERROR, line, column, reason, suggestion, refusedBy);
    }

    void warning(int line, int column, String reason, String suggestion, String refusedBy) {
        add(Severity.WARNING, line, column, reason, suggestion, refusedBy);
    }

    void note(int line, int column, String reason, String refusedBy) {
        add(Severity.NOTE, line, column, reason, "", refusedBy);
    }

    /** All findings in the order of the file. */
    List<Finding> sorted() {
        final List<Finding> sorted = new ArrayList<>(list);
        sorted.sort(Comparator.comparingInt(Finding::line).thenComparingInt(Finding::column));
        return List.copyOf(sorted);
    }
}
