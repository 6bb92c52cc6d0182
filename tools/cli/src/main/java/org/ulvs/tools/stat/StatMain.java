// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.stat;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.errors.ErrorLogReader;
import org.ulvs.cnc.CncClient;
import org.ulvs.cnc.DataplaneException;
import org.ulvs.cnc.InstanceFiles;

/** Prints the counters of a dataplane. */
public final class StatMain {
    private static final String USAGE = """
            Usage: ./ulvs stat [--dir DIR] [--all] [--json] [--watch | --errors]

            The counters of a dataplane, summed over its workers. Every frame received is in exactly one counter:
            forwarded, routed, answered, left to the host, held or dropped. "unaccounted" is the rest: 0 when at rest.

              --dir    directory of the instance (default: ULVS_DIR, or /run/ulvs)
              --all    also drop reasons that never happened
              --json   as one JSON object
              --watch  every second again, with the growth a second; ends with the dataplane
              --errors the errors that the dataplane recorded, each once

            Examples:
              ./ulvs stat
              ./ulvs lab exec director ulvs stat --json
            """;

    private static final String CLEAR_SCREEN = "\033[H\033[2J";
    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;

    private final PrintStream out;
    private final PrintStream err;
    private final EpochClock clock;
    private final LongConsumer sleeper;
    private boolean all;
    private boolean json;
    private boolean watch;
    private boolean errors;

    /** The sleeper waits for so many milliseconds. */
    StatMain(PrintStream out, PrintStream err, EpochClock clock, LongConsumer sleeper) {
        this.out = out;
        this.err = err;
        this.clock = clock;
        this.sleeper = sleeper;
    }

    /** Exit codes: 0 done, 1 no dataplane, 2 wrong usage. */
    public static void main(String[] arguments) {
        final StatMain stat = new StatMain(
                System.out,
                System.err,
                SystemEpochClock.INSTANCE,
                milliseconds -> LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(milliseconds)));
        final int status = stat.run(List.of(arguments));
        System.out.flush();
        System.exit(status);
    }

    int run(List<String> arguments) {
        String directory =
                System.getenv().getOrDefault(InstanceFiles.DIRECTORY_VARIABLE, InstanceFiles.DEFAULT_DIRECTORY);
        for (int i = 0; i < arguments.size(); i++) {
            final String argument = arguments.get(i);
            switch (argument) {
                case "--all" -> all = true;
                case "--json" -> json = true;
                case "--watch" -> watch = true;
                case "--errors" -> errors = true;
                case "-h", "--help" -> {
                    out.print(USAGE);
                    return 0;
                }
                default -> {
                    if (!argument.equals("--dir") || i + 1 == arguments.size()) {
                        err.println("stat: unexpected argument \"" + argument + "\"; ./ulvs stat --help explains it");
                        return WRONG_USAGE;
                    }
                    directory = arguments.get(++i);
                }
            }
        }
        try (CncClient client = CncClient.attach(Path.of(directory))) {
            if (errors) {
                errors(client);
            } else if (watch) {
                watch(client);
            } else {
                final CounterReport report = report(client);
                out.print(json ? report.json() + System.lineSeparator() : report.text(all));
            }
            return 0;
        } catch (final DataplaneException | IOException down) {
            err.println("stat: " + down.getMessage());
            return FAILED;
        }
    }

    private static CounterReport report(CncClient client) {
        return new CounterReport(client.cnc().counterValues());
    }

    /** Until the dataplane ends, or the user ends it. */
    private void watch(CncClient client) {
        CounterReport before = report(client);
        long beforeMs = clock.time();
        while (true) {
            sleeper.accept(TimeUnit.SECONDS.toMillis(1));
            client.checkAlive();
            final CounterReport now = report(client);
            final long nowMs = clock.time();
            out.print(
                    json
                            ? now.json() + System.lineSeparator()
                            : CLEAR_SCREEN + now.text(all, before, nowMs - beforeMs));
            out.flush();
            before = now;
            beforeMs = nowMs;
        }
    }

    private void errors(CncClient client) {
        final int distinct = ErrorLogReader.read(
                client.cnc().errors(),
                (count, firstMs, lastMs, text) -> out.println(count + " times, first "
                        + Instant.ofEpochMilli(firstMs) + ", last " + Instant.ofEpochMilli(lastMs)
                        + System.lineSeparator() + text));
        out.println(distinct + " distinct errors");
    }
}
