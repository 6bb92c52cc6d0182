// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.live;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Who changed what, when and from where: a file of one JSON object a line, mode 0600, only ever appended to.
 * Thread-safe.
 */
public final class ChangeLog {
    /** So many are kept in memory of logins, and so many of all else: who fails to log in pushes nothing else out. */
    private static final int KEPT = 1_000;
    /** The kind of a login, and of one that failed. */
    public static final String LOGIN = "login";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path path;
    private final Clock clock;
    private final Deque<Event> changes = new ArrayDeque<>();
    private final Deque<Event> logins = new ArrayDeque<>();

    /**
     * An event of the director or a change by somebody.
     *
     * @param timeMs since 1970
     * @param kind {@code config}, {@code apply}, {@code drain}, {@code login}, {@code health}, {@code failover}
     * @param who user or token; the director itself is {@code pulse}
     * @param from address, empty for the director itself
     * @param text what happened
     */
    public record Event(long timeMs, String kind, String who, String from, String text) {}

    /** A log that goes on in a file that may not exist yet. */
    public ChangeLog(Path path, Clock clock) throws IOException {
        this.path = path;
        this.clock = clock;
        if (Files.exists(path)) {
            for (final String line : Files.readAllLines(path, StandardCharsets.UTF_8)) {
                keep(line);
            }
        }
    }

    private void keep(String line) {
        try {
            remember(JSON.readValue(line, Event.class));
        } catch (JacksonException e) {
            // a line that was cut off by a crash does not hide the others
            org.slf4j.LoggerFactory.getLogger(ChangeLog.class).warn("{}: a line cannot be read", path);
        }
    }

    private void remember(Event event) {
        final Deque<Event> newest = LOGIN.equals(event.kind()) ? logins : changes;
        newest.addFirst(event);
        if (newest.size() > KEPT) {
            newest.removeLast();
        }
    }

    /** Writes an event to disk. */
    public synchronized void append(String kind, String who, String from, String text) throws IOException {
        final Event event = new Event(clock.millis(), kind, who, from, text);
        if (!Files.exists(path)) {
            Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        Files.writeString(
                path,
                JSON.writeValueAsString(event) + '\n',
                StandardCharsets.UTF_8,
                StandardOpenOption.APPEND,
                StandardOpenOption.SYNC);
        remember(event);
    }

    /** The newest events, newest first. */
    public synchronized List<Event> newest(int count) {
        return Stream.concat(changes.stream(), logins.stream())
                .sorted(Comparator.comparingLong(Event::timeMs).reversed())
                .limit(count)
                .toList();
    }
}
