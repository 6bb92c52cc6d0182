// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.journal;

/**
 * Takes down what happened. Any thread. Never throws and never waits for a disk: what cannot be kept is counted.
 */
public interface ChangeJournal extends AutoCloseable {
    /** A journal that keeps nothing. */
    ChangeJournal NONE = new ChangeJournal() {
        @Override
        public void append(JournalEntry.Kind kind, String subject, String text) {
            // kept nowhere
        }

        @Override
        public long lost() {
            return 0;
        }

        @Override
        public void close() {
            // nothing is open
        }
    };

    /**
     * Takes something down with the present time.
     *
     * @param kind what sort of thing
     * @param subject what it happened to, as {@code http/web1}
     * @param text what happened and why
     */
    void append(JournalEntry.Kind kind, String subject, String text);

    /** Entries that could not be kept since the start. */
    long lost();

    @Override
    void close();
}
