// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.rollcycles.LegacyRollCycles;
import net.openhft.chronicle.wire.DocumentContext;
import org.agrona.concurrent.EpochClock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A journal in a Chronicle Queue: one file a day, at most {@link #MAX_FILES} of them. Entries pass through a bounded
 * queue to one writing thread, so that whoever has something to say never waits. The queue is mapped memory: what was
 * appended survives the death of the process.
 *
 * <p>Writing to mapped memory on a full disk would end the process, so before each burst of entries room on the disk is
 * asked for; without it entries are counted as lost.
 */
public final class ChronicleChangeJournal implements ChangeJournal {
    /** Days kept. */
    public static final int MAX_FILES = 14;

    private static final Logger LOG = LoggerFactory.getLogger("journal");
    private static final int CAPACITY = 8 * 1024;
    private static final int MAX_TEXT = 1_000;
    private static final long LEAST_ROOM = 64L * 1024 * 1024;
    private static final int BLOCK_SIZE = 1024 * 1024;
    private static final long CLOSE_WAIT_MS = 5_000;
    private static final long IDLE_MS = 30_000;
    private static final long DAY_MS = TimeUnit.DAYS.toMillis(1);

    private final Path directory;
    private final EpochClock clock;
    private final long leastRoom;
    private final BlockingQueue<JournalEntry> waiting = new ArrayBlockingQueue<>(CAPACITY);
    private final AtomicLong lost = new AtomicLong();
    private final Thread writer;
    private volatile boolean open = true;
    private boolean complained;

    private ChronicleChangeJournal(Path directory, EpochClock clock, long leastRoom) {
        this.directory = directory;
        this.clock = clock;
        this.leastRoom = leastRoom;
        this.writer = new Thread(this::write, "journal");
        writer.setDaemon(true);
        writer.start();
    }

    /** Opens a journal; whatever fails later is counted and logged once. */
    public static ChangeJournal open(Path directory, EpochClock clock) {
        return new ChronicleChangeJournal(directory, clock, LEAST_ROOM);
    }

    static ChronicleChangeJournal open(Path directory, EpochClock clock, long leastRoom) {
        return new ChronicleChangeJournal(directory, clock, leastRoom);
    }

    /** The queue of a folder, as writers and readers must both open it. */
    static ChronicleQueue queue(Path directory, boolean readOnly, EpochClock clock) {
        final var builder = ChronicleQueue.singleBuilder(directory)
                .rollCycle(LegacyRollCycles.DAILY)
                .blockSize(BLOCK_SIZE)
                .timeProvider(clock::time)
                .readOnly(readOnly);
        return builder.build();
    }

    @Override
    public void append(JournalEntry.Kind kind, String subject, String text) {
        final JournalEntry entry = new JournalEntry(
                java.time.Instant.ofEpochMilli(clock.time()),
                kind,
                subject,
                text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) : text);
        if (!open || !waiting.offer(entry)) {
            lost.incrementAndGet();
        }
    }

    @Override
    public long lost() {
        return lost.get();
    }

    private void write() {
        JournalEntry next = null;
        while (open || next != null || !waiting.isEmpty()) {
            try {
                final JournalEntry first = next != null ? next : waiting.poll(100, TimeUnit.MILLISECONDS);
                next = null;
                if (first != null) {
                    next = writeFrom(first);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (IOException | RuntimeException e) {
                complain(String.valueOf(e));
                lost.addAndGet(1 + dropWaiting());
            }
        }
    }

    /**
     * Keeps the queue open while there is something to write. A failure closes it, and so does a new day, which is a
     * new file: beginning again lets the oldest one go.
     *
     * @return the entry to begin again with, or null
     */
    private @Nullable JournalEntry writeFrom(JournalEntry first) throws IOException, InterruptedException {
        if (!hasRoom()) {
            onFull();
            return null;
        }
        Files.createDirectories(directory);
        prune();
        final long day = clock.time() / DAY_MS;
        try (ChronicleQueue queue = queue(directory, false, clock);
                ExcerptAppender appender = queue.createAppender()) {
            JournalEntry entry = first;
            while (entry != null) {
                write(appender, entry);
                complained = false;
                entry = waiting.poll(open ? IDLE_MS : 0, TimeUnit.MILLISECONDS);
                if (entry != null && clock.time() / DAY_MS != day) {
                    return entry;
                }
                if (entry != null && !hasRoom()) {
                    onFull();
                    return null;
                }
            }
        }
        return null;
    }

    private void onFull() {
        complain("less than " + leastRoom / 1024 / 1024 + " MB left in " + directory);
        lost.addAndGet(1 + dropWaiting());
    }

    private static void write(ExcerptAppender appender, JournalEntry entry) {
        try (DocumentContext document = appender.writingDocument()) {
            final var wire = document.wire();
            if (wire == null) {
                throw new IllegalStateException("the queue gives nothing to write to");
            }
            wire.write("time").int64(entry.time().toEpochMilli());
            wire.write("kind").text(entry.kind().name());
            wire.write("subject").text(entry.subject());
            wire.write("text").text(entry.text());
        }
    }

    private boolean hasRoom() throws IOException {
        Path existing = directory.toAbsolutePath();
        while (!Files.exists(existing)) {
            existing = existing.resolveSibling("..").normalize();
        }
        return Files.getFileStore(existing).getUsableSpace() >= leastRoom;
    }

    private int dropWaiting() {
        final List<JournalEntry> dropped = new ArrayList<>();
        return waiting.drainTo(dropped);
    }

    private void complain(String text) {
        if (!complained) {
            LOG.warn("the journal cannot be written: {}", text);
        }
        complained = true;
    }

    @Override
    public void close() {
        open = false;
        try {
            writer.join(CLOSE_WAIT_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Removes the oldest files, so that with the one of today there are no more than allowed. */
    private void prune() throws IOException {
        final List<Path> queueFiles;
        try (Stream<Path> files = Files.list(directory)) {
            queueFiles = files.filter(file -> file.toString().endsWith(".cq4"))
                    .sorted(Comparator.comparing(file -> file.getFileName().toString()))
                    .toList();
        }
        for (int i = 0; i <= queueFiles.size() - MAX_FILES; i++) {
            Files.deleteIfExists(queueFiles.get(i));
        }
    }
}
