// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.stat;

import java.io.IOException;
import java.nio.file.Path;
import org.ulvs.cnc.CncClient;
import org.ulvs.cnc.DataplaneException;
import org.ulvs.cnc.InstanceFiles;

/** Prints the counters of a dataplane. */
public final class StatMain {
    private static final String USAGE = """
            Usage: ./ulvs stat [--dir DIR] [--all] [--json]

            The counters of a dataplane, summed over its workers. Every frame received is in exactly one counter:
            forwarded, routed, answered, left to the host, held or dropped. "unaccounted" is the rest: 0 when at rest.

              --dir    directory of the instance (default: ULVS_DIR, or /run/ulvs)
              --all    also drop reasons that never happened
              --json   as one JSON object

            Examples:
              ./ulvs stat
              ./ulvs lab exec director ulvs stat --json
            """;

    private StatMain() {}

    /** Exit codes: 0 done, 1 no dataplane, 2 wrong usage. */
    public static void main(String[] arguments) throws IOException {
        String directory =
                System.getenv().getOrDefault(InstanceFiles.DIRECTORY_VARIABLE, InstanceFiles.DEFAULT_DIRECTORY);
        boolean all = false;
        boolean json = false;
        for (int i = 0; i < arguments.length; i++) {
            if ("--all".equals(arguments[i])) {
                all = true;
            } else if ("--json".equals(arguments[i])) {
                json = true;
            } else if ("--dir".equals(arguments[i]) && i + 1 < arguments.length) {
                directory = arguments[++i];
            } else if ("--help".equals(arguments[i]) || "-h".equals(arguments[i])) {
                System.out.print(USAGE);
                return;
            } else {
                System.err.println(
                        "stat: unexpected argument \"" + arguments[i] + "\"; ./ulvs stat --help explains it");
                System.exit(2);
            }
        }
        try (CncClient client = CncClient.attach(Path.of(directory))) {
            final CounterReport report = new CounterReport(client.cnc().counterValues());
            System.out.print(json ? report.json() + System.lineSeparator() : report.text(all));
        } catch (final DataplaneException down) {
            System.err.println("stat: " + down.getMessage());
            System.exit(1);
        }
    }
}
