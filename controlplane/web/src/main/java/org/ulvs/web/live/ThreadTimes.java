// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.live;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** How much processor time the threads of the dataplane have used, as the kernel counts it. */
final class ThreadTimes {
    /** Linux counts in hundredths of a second towards programs, whatever its own clock. */
    private static final double TICKS = 100;

    private static final int UTIME = 11;
    private static final int STIME = 12;

    private ThreadTimes() {}

    /** Seconds by worker, {@code conductor} for the conductor; empty where they cannot be seen. */
    static Map<String, Double> of(long pid) {
        final Map<String, Double> seconds = new TreeMap<>();
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "task"))) {
            for (final Path thread : threads) {
                read(thread).ifPresent(stat -> add(seconds, stat));
            }
        } catch (IOException | DirectoryIteratorException e) {
            // it has just ended, or this user may not look
            return Map.of();
        }
        return seconds;
    }

    private static Optional<String> read(Path thread) {
        try {
            return Optional.of(Files.readString(thread.resolve("stat")));
        } catch (IOException e) {
            // this one has just ended; the others go on
            return Optional.empty();
        }
    }

    /** A line of the kernel: pid, name in parentheses, then numbers. */
    static void add(Map<String, Double> seconds, String stat) {
        final int open = stat.indexOf('(');
        final int close = stat.lastIndexOf(')');
        if (open < 0 || close < open) {
            return;
        }
        final String name = stat.substring(open + 1, close);
        final String[] fields = stat.substring(close + 1).strip().split(" ", -1);
        if ((name.startsWith("worker-") || "conductor".equals(name)) && fields.length > STIME) {
            final double used = (Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME])) / TICKS;
            seconds.merge(name.startsWith("worker-") ? name.substring("worker-".length()) : name, used, Double::sum);
        }
    }
}
