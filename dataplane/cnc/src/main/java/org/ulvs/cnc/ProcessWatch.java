// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether a process of this machine runs, as /proc tells it at once: also of one that was killed and that its parent
 * has not taken note of, and of one whose number another process has got since. A process of another pid namespace is
 * not seen. One thread at a time.
 */
final class ProcessWatch {
    /** Of the words of /proc/PID/stat that follow the name. */
    private static final int STATE_WORD = 0;

    private static final int START_WORD = 19;

    private final Path stat;
    private final long start;
    private boolean seen;
    private boolean ended;

    /**
     * Not looked at yet.
     *
     * @param start of the process, see {@link #ownStart}
     */
    ProcessWatch(long pid, long start) {
        this(Path.of("/proc", Long.toString(pid), "stat"), start);
    }

    ProcessWatch(Path stat, long start) {
        this.stat = stat;
        this.start = start;
    }

    /** When this process started, in clock ticks since the machine did; 0 where that is not known. */
    static long ownStart() {
        final String[] words = words(Path.of("/proc/self/stat"));
        return words.length > START_WORD ? Long.parseLong(words[START_WORD]) : 0;
    }

    private static String[] words(Path stat) {
        try {
            final String line = Files.readString(stat, StandardCharsets.ISO_8859_1);
            return line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
        } catch (final IOException gone) {
            return new String[0];
        }
    }

    /** Looks now. */
    void look() {
        final String[] words = words(stat);
        final boolean there = words.length > START_WORD && Long.parseLong(words[START_WORD]) == start;
        ended |= there ? "ZX".contains(words[STATE_WORD]) : seen;
        seen |= there;
    }

    /** Whether the process has been seen at all. */
    boolean seen() {
        return seen;
    }

    /** Whether it has been seen and has ended. */
    boolean ended() {
        return ended;
    }
}
