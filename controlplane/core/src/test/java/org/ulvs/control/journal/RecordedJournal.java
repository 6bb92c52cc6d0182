// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.journal;

import java.util.List;

/** Notes what is taken down, a line each. */
public record RecordedJournal(List<String> lines) implements ChangeJournal {
    @Override
    public void append(JournalEntry.Kind kind, String subject, String text) {
        lines.add(kind + " " + subject + ": " + text);
    }

    @Override
    public long lost() {
        return 0;
    }

    @Override
    public void close() {
        lines.add("closed");
    }
}
