// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.journal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.wire.DocumentContext;
import net.openhft.chronicle.wire.WireIn;
import org.agrona.concurrent.SystemEpochClock;
import org.jspecify.annotations.Nullable;

/** Reads a journal from its beginning, also while it is being written. One thread. */
public final class JournalReader implements AutoCloseable {
    private final Path directory;
    private @Nullable ChronicleQueue queue;
    private @Nullable ExcerptTailer tailer;

    /** A reader of a folder; the folder may come later. */
    public JournalReader(Path directory) {
        this.directory = directory;
    }

    /** The next entry, or empty when there is none yet. Entries of an unknown kind are passed over. */
    public Optional<JournalEntry> next() {
        final ExcerptTailer reader = tailer();
        if (reader == null) {
            return Optional.empty();
        }
        while (true) {
            try (DocumentContext document = reader.readingDocument()) {
                final WireIn wire = document.wire();
                if (!document.isPresent() || wire == null) {
                    return Optional.empty();
                }
                final Optional<JournalEntry> entry = read(wire);
                if (entry.isPresent()) {
                    return entry;
                }
            }
        }
    }

    private static Optional<JournalEntry> read(WireIn wire) {
        final long time = wire.read("time").int64();
        final String kind = String.valueOf(wire.read("kind").text());
        final String subject = String.valueOf(wire.read("subject").text());
        final String text = String.valueOf(wire.read("text").text());
        for (final JournalEntry.Kind known : JournalEntry.Kind.values()) {
            if (known.name().equals(kind)) {
                return Optional.of(new JournalEntry(Instant.ofEpochMilli(time), known, subject, text));
            }
        }
        return Optional.empty();
    }

    private @Nullable ExcerptTailer tailer() {
        if (tailer == null && Files.exists(directory.resolve("metadata.cq4t"))) {
            final ChronicleQueue opened = ChronicleChangeJournal.queue(directory, true, SystemEpochClock.INSTANCE);
            queue = opened;
            tailer = opened.createTailer();
        }
        return tailer;
    }

    @Override
    public void close() {
        if (tailer != null) {
            tailer.close();
        }
        if (queue != null) {
            queue.close();
        }
    }
}
