// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.rules;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.ulvs.cnc.CncClient;
import org.ulvs.cnc.CommandResult;
import org.ulvs.cnc.DataplaneException;
import org.ulvs.cnc.Errno;
import org.ulvs.cnc.InstanceFiles;
import org.ulvs.cnc.ServicesFile;
import org.ulvs.rules.IptablesCommand;
import org.ulvs.rules.PortNames;
import org.ulvs.rules.RuleSet;
import org.ulvs.rules.RulesException;

/**
 * Edits the rules that mark packets and translate sources of servers' own connections, in the language of iptables.
 * Each edit reads the rules, changes them and replaces them as one; a lock file keeps edits apart, as xtables.lock.
 */
public final class RulesMain {
    private static final String USAGE = """
            Usage: ./ulvs iptables [--dir DIR] [-t mangle|nat] COMMAND…
                   ./ulvs iptables-save [--dir DIR] [-t mangle|nat]
                   ./ulvs iptables-restore [--dir DIR] [--noflush] [--test] [FILE]

            The rules of a dataplane: firewall marks (mangle PREROUTING) and source NAT (nat POSTROUTING). The words are
            those of iptables; the rules apply to what the dataplane forwards, not to the host.

              --dir       directory of the instance (default: ULVS_DIR, or /run/ulvs)
              --noflush   restore adds to the rules that are there
              --test      restore only checks

            Examples:
              ./ulvs iptables -t mangle -A PREROUTING -d 192.168.26.10 -p tcp --dport 80 -j MARK --set-mark 80
              ./ulvs iptables -t nat -A POSTROUTING -s 10.11.12.0/24 -j MASQUERADE
              ./ulvs iptables-save
            """;
    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;
    /** What iptables ends with when the other side refuses. */
    private static final int REFUSED = 4;

    private final PortNames names;
    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;

    RulesMain(PortNames names, InputStream in, PrintStream out, PrintStream err) {
        this.names = names;
        this.in = in;
        this.out = out;
        this.err = err;
    }

    /** Exit codes: those of iptables; 1 also without a dataplane. The first argument is the program's name. */
    public static void main(String[] arguments) {
        final int status = new RulesMain(PortNames.of(ServicesFile.lines()), System.in, System.out, System.err)
                .run(List.of(arguments));
        System.out.flush();
        System.exit(status);
    }

    int run(List<String> arguments) {
        final List<String> words = new ArrayList<>(arguments);
        final String program = words.remove(0);
        Path directory = Path.of(
                System.getenv().getOrDefault(InstanceFiles.DIRECTORY_VARIABLE, InstanceFiles.DEFAULT_DIRECTORY));
        if ((words.isEmpty() && "iptables".equals(program)) || words.contains("--help") || words.contains("-h")) {
            out.print(USAGE);
            return 0;
        }
        if (words.size() >= 2 && "--dir".equals(words.get(0))) {
            directory = Path.of(words.get(1));
            words.subList(0, 2).clear();
        }
        try (CncClient client = CncClient.attach(directory)) {
            return switch (program) {
                case "iptables" -> edit(client, words);
                case "iptables-save" -> save(client, words);
                case "iptables-restore" -> restore(client, words);
                default -> wrongUsage(program);
            };
        } catch (final RulesException wrong) {
            err.println(program + ": " + wrong.getMessage());
            return wrong.exitStatus();
        } catch (final DataplaneException | IOException failure) {
            err.println(program + ": " + failure.getMessage());
            return FAILED;
        }
    }

    private int wrongUsage(String program) {
        err.println(program + ": wrong usage; ./ulvs " + program + " --help explains it");
        return WRONG_USAGE;
    }

    private RuleSet current(CncClient client) throws RulesException {
        return RuleSet.parse(client.table().image().rules(), names);
    }

    /** Lets one edit at a time read, change and replace. Nobody else waits for the lock. */
    private static FileChannel edits(CncClient client) throws IOException {
        return FileChannel.open(
                client.directory().resolve("rules.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    private int edit(CncClient client, List<String> words) throws IOException, RulesException {
        try (FileChannel channel = edits(client);
                FileLock lock = channel.lock()) {
            assert lock.isValid();
            final RuleSet before = current(client);
            final IptablesCommand.Outcome outcome = IptablesCommand.run(before, words, names);
            out.print(outcome.output());
            return outcome.rules().equals(before) ? 0 : replace(client, outcome.rules());
        }
    }

    private int save(CncClient client, List<String> words) throws RulesException {
        final RuleSet rules = current(client);
        if (words.isEmpty()) {
            out.print(rules.save());
        } else if (words.size() == 2 && ("-t".equals(words.get(0)) || "--table".equals(words.get(0)))) {
            out.print(rules.save(words.get(1)));
        } else {
            return wrongUsage("iptables-save");
        }
        return 0;
    }

    private int restore(CncClient client, List<String> words) throws IOException, RulesException {
        boolean keep = false;
        boolean test = false;
        byte[] text = null;
        for (final String word : words) {
            switch (word) {
                case "-n", "--noflush" -> keep = true;
                case "-t", "--test" -> test = true;
                case "-c", "--counters", "-w", "--wait" -> {
                    // there are no counters to take over, and the lock is always waited for
                }
                default -> {
                    if (word.startsWith("-") || text != null) {
                        return wrongUsage("iptables-restore");
                    }
                    text = Files.readAllBytes(Path.of(word));
                }
            }
        }
        if (text == null) {
            text = in.readAllBytes();
        }
        try (FileChannel channel = edits(client);
                FileLock lock = channel.lock()) {
            assert lock.isValid();
            final RuleSet rules = current(client).restore(new String(text, StandardCharsets.UTF_8), names, keep);
            return test ? 0 : replace(client, rules);
        }
    }

    private int replace(CncClient client, RuleSet rules) {
        final CommandResult result = client.table().replaceRules(rules.save());
        if (result.errno() == Errno.OK) {
            return 0;
        }
        err.println("iptables: the dataplane refused the rules: "
                + (result.detail() == null ? "error " + result.errno() : result.detail()));
        return REFUSED;
    }
}
