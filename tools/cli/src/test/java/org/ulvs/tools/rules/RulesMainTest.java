// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulvs.rules.PortNames;
import org.ulvs.tools.support.TestDataplane;

final class RulesMainTest {
    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String stdin, String program, String... words) {
        out.reset();
        err.reset();
        final List<String> arguments = new ArrayList<>(List.of(program, "--dir", directory.toString()));
        arguments.addAll(List.of(words));
        return new RulesMain(
                        PortNames.NONE,
                        new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8)),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8))
                .run(arguments);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void shouldAddListSaveAndRestoreRules() throws IOException {
        try (TestDataplane dataplane = new TestDataplane(directory, 64)) {
            assertThat(dataplane.directory()).isEqualTo(directory);
            assertThat(run(
                            "",
                            "iptables",
                            "-t",
                            "mangle",
                            "-A",
                            "PREROUTING",
                            "-d",
                            "10.0.0.1",
                            "-p",
                            "tcp",
                            "--dport",
                            "80",
                            "-j",
                            "MARK",
                            "--set-mark",
                            "80"))
                    .as(err())
                    .isZero();
            assertThat(run("", "iptables", "-t", "nat", "-A", "POSTROUTING", "-j", "MASQUERADE"))
                    .isZero();
            assertThat(run("", "iptables-save")).isZero();
            final String saved = out();
            assertThat(saved).contains("*mangle", "--dport 80", "*nat", "-A POSTROUTING -j MASQUERADE");
            assertThat(run("", "iptables-save", "-t", "nat")).isZero();
            assertThat(out()).contains("MASQUERADE").doesNotContain("mangle");
            assertThat(run("", "iptables", "-t", "mangle", "-F")).isZero();
            assertThat(run("", "iptables", "-t", "mangle", "-S")).isZero();
            assertThat(out()).doesNotContain("MARK");
            assertThat(run(saved, "iptables-restore", "--test")).isZero();
            assertThat(run(saved, "iptables-restore")).isZero();
            assertThat(run("", "iptables-save")).isZero();
            assertThat(out().lines().filter(line -> !line.startsWith("#")))
                    .containsExactlyElementsOf(
                            saved.lines().filter(line -> !line.startsWith("#")).toList());
        }
    }

    @Test
    void shouldChangeNothingWhenARuleIsWrong() throws IOException {
        try (TestDataplane dataplane = new TestDataplane(directory, 64)) {
            assertThat(dataplane.directory()).isEqualTo(directory);
            assertThat(run("", "iptables", "-t", "nat", "-A", "POSTROUTING", "-j", "MASQUERADE"))
                    .isZero();
            assertThat(run("", "iptables", "-t", "nat", "-A", "POSTROUTING", "-j", "NOSUCH"))
                    .isEqualTo(2);
            assertThat(err()).startsWith("iptables: ").contains("NOSUCH");
            assertThat(run("*nat\n-A POSTROUTING -j NOSUCH\nCOMMIT\n", "iptables-restore"))
                    .isNotZero();
            assertThat(err()).contains("line 2");
            assertThat(run("", "iptables-save", "-t", "nat")).isZero();
            assertThat(out()).contains("-A POSTROUTING -j MASQUERADE");
        }
    }

    @Test
    void shouldSayThatThereIsNoDataplane() {
        assertThat(run("", "iptables-save")).isEqualTo(1);
        assertThat(err()).contains("no dataplane runs in " + directory);
    }
}
