// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.conform;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** {@code ulvs conform}: replays recordings of kernel IPVS and reports the differences. */
public final class ConformMain {
    private static final String USAGE = """
            Usage: ulvs conform [--json] PATH...

            Replays recordings of kernel IPVS (files, or folders of them) against the code that forwards,
            with a clock that the replay turns. Prints each recording that differs with the first differing
            event, then "N passed, M failed".

              --json   print the details as JSON instead
              --help   print this text

            Exit status: 0 all passed, 1 some failed, 2 wrong usage.

            Examples:
              ulvs conform recordings/
              ulvs conform --json recordings/vectors/rr-equal.json
            """;

    private ConformMain() {}

    /** Runs the command. */
    public static void main(String[] args) {
        System.exit(run(List.of(args), System.out, System.err));
    }

    static int run(List<String> args, PrintStream out, PrintStream err) {
        boolean json = false;
        final List<Path> paths = new ArrayList<>();
        for (final String arg : args) {
            if ("--help".equals(arg) || "-h".equals(arg)) {
                out.print(USAGE);
                return 0;
            } else if ("--json".equals(arg)) {
                json = true;
            } else if (arg.startsWith("-")) {
                err.println("ulvs conform: unknown option " + arg + "; see ulvs conform --help");
                return 2;
            } else {
                paths.add(Path.of(arg));
            }
        }
        if (paths.isEmpty()) {
            err.print(USAGE);
            return 2;
        }
        for (final Path path : paths) {
            if (!Files.exists(path)) {
                err.println("ulvs conform: " + path + " does not exist");
                return 2;
            }
        }
        return replay(paths, json, out, err);
    }

    private static int replay(List<Path> paths, boolean json, PrintStream out, PrintStream err) {
        final List<Outcome> outcomes = new ArrayList<>();
        try {
            for (final Path file : Replay.find(paths)) {
                final Outcome outcome = Replay.run(file);
                outcomes.add(outcome);
                if (!json) {
                    print(outcome, out);
                }
            }
        } catch (final IOException e) {
            err.println("ulvs conform: " + e.getMessage());
            return 2;
        }
        final long failed = count(outcomes, Outcome.Verdict.FAILED);
        if (json) {
            out.println(new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsString(outcomes));
        } else {
            out.println(count(outcomes, Outcome.Verdict.PASSED) + " passed, " + failed + " failed");
        }
        return failed == 0 ? 0 : 1;
    }

    private static long count(List<Outcome> outcomes, Outcome.Verdict verdict) {
        return outcomes.stream().filter(outcome -> outcome.verdict() == verdict).count();
    }

    private static void print(Outcome outcome, PrintStream out) {
        if (outcome.verdict() == Outcome.Verdict.REFUSED) {
            out.println("REFUSED " + outcome.name() + ": " + outcome.reason());
        } else if (outcome.verdict() == Outcome.Verdict.FAILED) {
            out.println("FAILED  " + outcome.name() + " (" + outcome.file() + ")");
            final Difference difference = outcome.difference();
            if (difference == null) {
                out.println("        " + outcome.reason());
            } else {
                out.println("        event " + difference.event() + ": " + difference.what());
                out.println("        expected " + difference.expected());
                out.println("        actual   " + difference.actual());
            }
        }
    }
}
