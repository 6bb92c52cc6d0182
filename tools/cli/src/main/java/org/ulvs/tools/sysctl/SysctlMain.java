// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.sysctl;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ulvs.cnc.CncClient;
import org.ulvs.cnc.DataplaneException;
import org.ulvs.cnc.Errno;
import org.ulvs.cnc.InstanceFiles;

/** Shows and sets the tunables that the kernel's IPVS has under net.ipv4.vs. */
public final class SysctlMain {
    private static final String USAGE = """
            Usage: ./ulvs sysctl [--dir DIR] [-a]
                   ./ulvs sysctl [--dir DIR] [-n] NAME…
                   ./ulvs sysctl [--dir DIR] [-w] NAME=VALUE…

            The tunables of a dataplane. A name may leave out net.ipv4.vs.

              --dir   directory of the instance (default: ULVS_DIR, or /run/ulvs)
              -a      all, as without a name
              -n      values only
              -w      only settings may follow

            Examples:
              ./ulvs sysctl net.ipv4.vs.expire_nodest_conn
              ./ulvs sysctl -w net.ipv4.vs.sloppy_tcp=1 conn_reuse_mode=0
            """;
    private static final String PREFIX = "net.ipv4.vs.";
    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;

    private final PrintStream out;
    private final PrintStream err;
    private boolean valuesOnly;
    private boolean settingsOnly;

    SysctlMain(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Exit codes: 0 done, 1 an unknown name, a refused value or no dataplane, 2 wrong usage. */
    public static void main(String[] arguments) {
        final int status = new SysctlMain(System.out, System.err).run(List.of(arguments));
        System.out.flush();
        System.exit(status);
    }

    int run(List<String> arguments) {
        Path directory = Path.of(
                System.getenv().getOrDefault(InstanceFiles.DIRECTORY_VARIABLE, InstanceFiles.DEFAULT_DIRECTORY));
        final List<String> words = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            final String word = arguments.get(i);
            switch (word) {
                case "-h", "--help" -> {
                    out.print(USAGE);
                    return 0;
                }
                case "-a", "--all" -> {
                    // without a name all are shown anyway
                }
                case "-n", "--values" -> valuesOnly = true;
                case "-w", "--write" -> settingsOnly = true;
                default -> {
                    if (word.equals("--dir") && i + 1 < arguments.size()) {
                        directory = Path.of(arguments.get(++i));
                    } else if (word.startsWith("-")) {
                        return wrongUsage(word);
                    } else {
                        words.add(word);
                    }
                }
            }
        }
        try (CncClient client = CncClient.attach(directory)) {
            return run(client, words);
        } catch (final DataplaneException | IOException down) {
            err.println("sysctl: " + down.getMessage());
            return FAILED;
        }
    }

    private int wrongUsage(String word) {
        err.println("sysctl: wrong usage at \"" + word + "\"; ./ulvs sysctl --help explains it");
        return WRONG_USAGE;
    }

    private int run(CncClient client, List<String> words) {
        if (words.isEmpty()) {
            client.table().image().sysctls().forEach((name, value) -> show(bare(name), value));
            return 0;
        }
        int status = 0;
        for (final String word : words) {
            final int equals = word.indexOf('=');
            if (equals < 0 && settingsOnly) {
                return wrongUsage(word);
            }
            final boolean done = equals < 0
                    ? get(client, bare(word))
                    : set(
                            client,
                            bare(word.substring(0, equals).strip()),
                            word.substring(equals + 1).strip());
            status = done ? status : FAILED;
        }
        return status;
    }

    private static String bare(String name) {
        final String dotted = name.replace('/', '.');
        return dotted.startsWith(PREFIX) ? dotted.substring(PREFIX.length()) : dotted;
    }

    private void show(String name, String value) {
        out.println(valuesOnly ? value : PREFIX + name + " = " + value);
    }

    private boolean get(CncClient client, String name) {
        for (final var tunable : client.table().image().sysctls().entrySet()) {
            if (bare(tunable.getKey()).equals(name)) {
                show(name, tunable.getValue());
                return true;
            }
        }
        err.println("sysctl: there is no " + PREFIX + name + "; ./ulvs sysctl lists all");
        return false;
    }

    private boolean set(CncClient client, String name, String value) {
        final int errno = client.table().setSysctl(name, value);
        if (errno == Errno.OK) {
            show(name, value);
            return true;
        }
        err.println(
                errno == Errno.ENOENT
                        ? "sysctl: there is no " + PREFIX + name + "; ./ulvs sysctl lists all"
                        : "sysctl: " + PREFIX + name + " cannot be \"" + value + "\"");
        return false;
    }
}
