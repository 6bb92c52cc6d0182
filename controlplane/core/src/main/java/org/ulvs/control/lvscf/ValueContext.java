// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvscf;

import java.util.List;
import org.ulvs.control.lvscf.Finding.Severity;

/** The words of one value, and where to say something about them. */
final class ValueContext {
    private final Directive directive;
    private final Names names;
    private final Findings findings;

    ValueContext(Directive directive, Names names, Findings findings) {
        this.directive = directive;
        this.names = names;
        this.findings = findings;
    }

    Names names() {
        return names;
    }

    List<Word> words() {
        return directive.words();
    }

    int column() {
        return directive.words().isEmpty() ? 0 : directive.words().get(0).column();
    }

    /** The only word. */
    Word word() throws ValueException {
        return word("put quotes around a value with blanks");
    }

    Word word(String suggestion) throws ValueException {
        if (words().size() > 1) {
            throw new ValueException(
                    words().get(1).column(),
                    directive.key() + " takes one value",
                    suggestion,
                    Findings.UNEXPECTED_ARGUMENTS);
        }
        return words().get(0);
    }

    void warning(String reason, String suggestion, String refusedBy) {
        findings.add(Severity.WARNING, directive.line(), column(), reason, suggestion, refusedBy);
    }

    void note(String reason, String refusedBy) {
        findings.add(Severity.NOTE, directive.line(), column(), reason, "", refusedBy);
    }

    ValueException wrong(String reason, String suggestion, String refusedBy) {
        return new ValueException(column(), directive.key() + ": " + reason, suggestion, refusedBy);
    }
}
