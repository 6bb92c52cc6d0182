// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.live;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.ulvs.control.journal.JournalEntry;
import org.ulvs.control.journal.JournalReader;

/** The newest entries of the director's own journal, which pulse writes and anybody may read. */
final class DirectorJournal {
    private static final Logger LOG = LoggerFactory.getLogger(DirectorJournal.class);
    private static final int KEPT = 2_000;

    private final Path directory;
    private final Deque<ChangeLog.Event> newest = new ArrayDeque<>();
    private @Nullable JournalReader reader;
    private boolean complained;

    /** Over a folder that may not exist yet. */
    DirectorJournal(Path directory) {
        this.directory = directory;
    }

    /** Takes in what has been written since the last time. One thread. */
    void poll() {
        try {
            JournalReader reading = reader;
            if (reading == null) {
                reading = new JournalReader(directory);
                reader = reading;
            }
            Optional<JournalEntry> entry = reading.next();
            while (entry.isPresent()) {
                add(entry.get());
                entry = reading.next();
            }
            complained = false;
        } catch (RuntimeException e) {
            // a folder that was taken away, or that this user may not read: the panels go on without it
            if (!complained) {
                LOG.warn("the journal in {} cannot be read: {}", directory, e.getMessage());
            }
            complained = true;
            forget();
        }
    }

    private void forget() {
        final JournalReader old = reader;
        reader = null;
        if (old != null) {
            old.close();
        }
        synchronized (newest) {
            newest.clear();
        }
    }

    private void add(JournalEntry entry) {
        final String kind = kind(entry.kind());
        if (kind.isEmpty()) {
            return;
        }
        synchronized (newest) {
            newest.addFirst(new ChangeLog.Event(
                    entry.time().toEpochMilli(), kind, "pulse", "", entry.subject() + ": " + entry.text()));
            if (newest.size() > KEPT) {
                newest.removeLast();
            }
        }
    }

    /** The word of the timeline; empty for what is no event for people: each command to the table. */
    private static String kind(JournalEntry.Kind kind) {
        return switch (kind) {
            case CHECK, WEIGHT -> "health";
            case PEER, TAKEOVER, DATAPLANE, DAEMON -> "failover";
            case CONFIGURATION -> "director";
            case TABLE -> "";
        };
    }

    /** The newest, newest first. Any thread. */
    List<ChangeLog.Event> newest(int count) {
        synchronized (newest) {
            return newest.stream().limit(count).toList();
        }
    }

    /** For the thread of {@link #poll}, or after it has ended. */
    void close() {
        forget();
    }
}
