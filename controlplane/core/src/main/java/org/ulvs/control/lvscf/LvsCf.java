// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvscf;

import java.util.List;
import org.ulvs.control.lvscf.Finding.Severity;

/**
 * A file that was read.
 *
 * @param document its text, open for editing
 * @param configuration its meaning; only to be used when {@link #usable()}
 * @param findings everything there is to say about it, in the order of the file
 */
public record LvsCf(LvsCfDocument document, Configuration configuration, List<Finding> findings) {
    /** A file with its own list of findings. */
    public LvsCf {
        findings = List.copyOf(findings);
    }

    /** Reads a text with this machine's names. */
    public static LvsCf read(String text) {
        return read(text, Names.system());
    }

    /** Reads a text. Never throws: what is wrong is a finding. */
    public static LvsCf read(String text, Names names) {
        return ConfigurationReader.read(text, names);
    }

    /** Whether there is no error. */
    public boolean usable() {
        return findings.stream().noneMatch(finding -> finding.severity() == Severity.ERROR);
    }

    /** Whether this is a template that has not been rendered: it cannot be laid out anew. */
    public boolean template() {
        return findings.stream().anyMatch(finding -> finding.reason().startsWith(DocumentParser.TEMPLATE));
    }

    /** Errors only. */
    public List<Finding> errors() {
        return findings.stream()
                .filter(finding -> finding.severity() == Severity.ERROR)
                .toList();
    }
}
