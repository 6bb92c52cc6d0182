// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulvs.cnc.ServicesFile;

/** What we print is what iptables prints. Runs the machine's iptables in a network namespace that ends with it. */
class RealIptablesTest {
    private static final PortNames NAMES = PortNames.of(ServicesFile.lines());
    private static final String SEPARATOR = "=====";

    @TempDir
    Path folder;

    @Test
    void shouldPrintWhatIptablesPrints() throws Exception {
        final List<List<String>> commands = new ArrayList<>(List.of(
                words("-t mangle -A PREROUTING -p tcp -d 192.168.26.10/32 --dport 443 -j MARK --set-mark 80"),
                words("-t mangle -A PREROUTING -p tcp -s 10.0.0.9/24 ! -d 1.2.3.4 -i eth+ --sport 1024:9999 "
                        + "! --dport 80 -j MARK --set-mark 0x10/0xff"),
                words("-t mangle -A PREROUTING -p udp -m multiport --dports 53,69,1000:2000 -j MARK --set-xmark 5/15"),
                words("-t mangle -A PREROUTING -p tcp -m multiport ! --ports 53,69 -j RETURN"),
                words("-t mangle -A PREROUTING ! -p tcp ! -i lo -j ACCEPT"),
                words("-t mangle -I PREROUTING -p 47 -j MARK --or-mark 4"),
                words("-t mangle -I PREROUTING 2 -p icmp -j MARK --and-mark 010"),
                words("-t mangle -A PREROUTING -s 10.0.0.1,10.0.0.2 -d 10.1.0.0/255.255.0.0,10.2.0.0/16"),
                words("-t mangle -A PREROUTING -p tcp -m tcp --dport :ssh -m multiport --sports 1,ftp"),
                words("-t mangle -A PREROUTING -p tcp --sport 1000: -j MARK --set-mark 4294967295"),
                words("-t mangle -A PREROUTING -s 0.0.0.0/0 -j MARK --xor-mark 1"),
                words("-t mangle -R PREROUTING 3 -p sctp --dport 99 -j MARK --set-mark 3/1"),
                words("-t mangle -D PREROUTING 4"),
                words("-t mangle -D PREROUTING ! -i lo ! -p tcp -j ACCEPT"),
                words("-t nat -A POSTROUTING -p tcp -s 10.11.12.0/24 --sport 20 -j MASQUERADE"),
                words("-t nat -A POSTROUTING -p tcp --sport 20 -j MASQUERADE --to-ports 1000-2000"),
                words("-t nat -A POSTROUTING -o eth0 -j SNAT --to-source 1.2.3.4-1.2.3.9"),
                words("-t nat -A POSTROUTING -o eth0 -p udp -j SNAT --to-source 1.2.3.4:1000-2000"),
                words("-t nat -A POSTROUTING -o eth0 -p udp -j SNAT --to-source 1.2.3.4:7")));
        commands.add(List.of("-t", "mangle", "-A", "PREROUTING", "-m", "comment", "--comment", "two \"words\""));
        compare(commands, "the examples");
    }

    @Test
    void shouldPrintRandomRulesAsIptablesDoes() throws Exception {
        final long seed = System.nanoTime();
        final RandomRules source = new RandomRules(new Random(seed));
        final List<List<String>> commands = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            commands.add(i % 3 == 0 ? source.sourceNat() : source.mark());
        }
        compare(commands, "seed " + seed);
    }

    @Test
    void shouldRefuseWhatIptablesRefuses() throws Exception {
        final List<List<String>> commands = List.of(
                words("-t mangle -D PREROUTING 99"),
                words("-t mangle -D PREROUTING -p tcp -j ACCEPT"),
                words("-t mangle -A FOO -p tcp -j ACCEPT"),
                words("-t mangle -A PREROUTING -p tcp -j FOO"),
                words("-t mangle -A PREROUTING -p tcp --dport 70000 -j ACCEPT"),
                words("-t mangle -A PREROUTING --dport 70 -j ACCEPT"),
                words("-t mangle -A PREROUTING -p tcp --dport 9:8 -j ACCEPT"),
                words("-t mangle -A PREROUTING -p foo"),
                words("-t mangle -A PREROUTING -j MARK"),
                words("-t mangle -A PREROUTING -j MARK --set-mark 0x100000000"),
                words("-t mangle -A PREROUTING -o eth0 -j ACCEPT"),
                words("-t nat -A POSTROUTING -i eth0 -j ACCEPT"),
                words("-t mangle -A PREROUTING -m foo -j ACCEPT"),
                words("-t mangle -I PREROUTING 99 -j ACCEPT"),
                words("-t mangle -I PREROUTING 0 -j ACCEPT"),
                words("-t mangle -A PREROUTING -d 1.2.3.4/33 -j ACCEPT"),
                words("-t mangle -A PREROUTING -d 1.2.3.400 -j ACCEPT"),
                words("-t mangle -A PREROUTING ! -d 1.2.3.4,1.2.3.5 -j ACCEPT"),
                words("-t mangle -A PREROUTING -p tcp -m multiport --dports 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15:16"),
                words("-t mangle -A PREROUTING -p tcp -m multiport"),
                words("-t mangle -A PREROUTING -p tcp -m multiport --ports 5:5"),
                words("-t mangle -A PREROUTING -p icmp -m multiport --dports 1"),
                words("-t mangle -A PREROUTING -j SNAT --to-source 1.2.3.4"),
                words("-t nat -A POSTROUTING -j SNAT --to-source 1.2.3.4:80"),
                words("-t nat -A POSTROUTING -j SNAT"),
                words("-t mangle -A PREROUTING -j MARK --set-mark 1 extra"),
                words("-t mangle -A PREROUTING -j MARK --set-mark"),
                words("-t mangle -C PREROUTING -j ACCEPT"),
                words("-t mangle -A PREROUTING -D PREROUTING 1"),
                words("-t mangle"),
                words("-t nosuchtable -L"));
        final String script = commands.stream()
                .map(command -> "iptables " + quoted(command) + " >&2; echo $?")
                .collect(Collectors.joining("\n"));
        final String[] statuses = run(script).split("\n", -1);
        for (int i = 0; i < commands.size(); i++) {
            assertThat(statuses[i]).as("iptables %s", commands.get(i)).isNotEqualTo("0");
            final List<String> command = commands.get(i);
            assertThat(catchRules(command)).as("%s", command).isNotEmpty();
        }
    }

    private static String catchRules(final List<String> command) {
        try {
            IptablesCommand.run(RuleSet.EMPTY, command, NAMES);
            return "";
        } catch (final RulesException e) {
            return e.explanation();
        }
    }

    private void compare(final List<List<String>> commands, final String description) throws Exception {
        RuleSet rules = RuleSet.EMPTY;
        for (final List<String> command : commands) {
            rules = IptablesCommand.run(rules, command, NAMES).rules();
        }
        final List<List<String>> prints = List.of(
                words("-t mangle -S"),
                words("-t mangle -S PREROUTING"),
                words("-t mangle -S PREROUTING 2"),
                words("-t nat -v -S"),
                words("-t mangle -n -L"),
                words("-t mangle -L PREROUTING"),
                words("-t mangle -n -v -L --line-numbers"),
                words("-t nat -nvL"),
                words("-t nat -L POSTROUTING --line-numbers"),
                words("-t nat -n -L POSTROUTING 1"));
        final StringBuilder script = new StringBuilder("set -e\n");
        commands.forEach(
                command -> script.append("iptables ").append(quoted(command)).append('\n'));
        script.append("iptables-save | grep -v '^#'\necho ").append(SEPARATOR).append('\n');
        for (final List<String> print : prints) {
            script.append("iptables ").append(quoted(print)).append("\necho ");
            script.append(SEPARATOR).append('\n');
        }
        final String[] expected = run(script.toString()).split(SEPARATOR + "\n", -1);
        assertThat(expected)
                .as(() -> description + contents(folder.resolve("errors")))
                .hasSize(prints.size() + 2);
        assertThat(withoutComments(rules.save())).as(description).isEqualTo(expected[0]);
        for (int i = 0; i < prints.size(); i++) {
            assertThat(IptablesCommand.run(rules, prints.get(i), NAMES).output())
                    .as("%s: %s", description, prints.get(i))
                    .isEqualTo(expected[i + 1]);
        }
        assertThat(RuleSet.parse(rules.save(), PortNames.NONE)).as(description).isEqualTo(rules);
    }

    private String run(final String script) throws IOException, InterruptedException {
        final Path file = Files.writeString(folder.resolve("script"), script);
        final Path errors = folder.resolve("errors");
        final Process process = new ProcessBuilder("unshare", "-n", "sh", file.toString())
                .redirectError(errors.toFile())
                .start();
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        final int status = process.waitFor();
        assertThat(status).as(() -> contents(errors)).isLessThan(5);
        return output;
    }

    private static String contents(final Path file) {
        try {
            return Files.readString(file);
        } catch (final IOException e) {
            return e.toString();
        }
    }

    private static String withoutComments(final String text) {
        return text.lines().filter(line -> !line.startsWith("#")).collect(Collectors.joining("\n", "", "\n"));
    }

    private static List<String> words(final String line) {
        return List.of(line.split(" ", -1));
    }

    private static String quoted(final List<String> words) {
        return words.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
    }
}
