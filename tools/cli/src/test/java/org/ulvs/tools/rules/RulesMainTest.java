// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulvs.rules.PortNames;
import org.ulvs.tools.support.TestDataplane;
import org.ulvs.tools.support.TextStream;

final class RulesMainTest {
    @TempDir
    Path directory;

    private final TextStream out = new TextStream();
    private final TextStream err = new TextStream();

    private int run(String stdin, String program, String... words) {
        out.reset();
        err.reset();
        final List<String> arguments = new ArrayList<>(List.of(program, "--dir", directory.toString()));
        arguments.addAll(List.of(words));
        return new RulesMain(PortNames.NONE, new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8)), out, err)
                .run(arguments);
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
                    .as(err.text())
                    .isZero();
            assertThat(run("", "iptables", "-t", "nat", "-A", "POSTROUTING", "-j", "MASQUERADE"))
                    .isZero();
            assertThat(run("", "iptables-save")).isZero();
            final String saved = out.text();
            assertThat(saved).contains("*mangle", "--dport 80", "*nat", "-A POSTROUTING -j MASQUERADE");
            assertThat(run("", "iptables-save", "-t", "nat")).isZero();
            assertThat(out.text()).contains("MASQUERADE").doesNotContain("mangle");
            assertThat(run("", "iptables", "-t", "mangle", "-F")).isZero();
            assertThat(run("", "iptables", "-t", "mangle", "-S")).isZero();
            assertThat(out.text()).doesNotContain("MARK");
            assertThat(run(saved, "iptables-restore", "--test")).isZero();
            assertThat(run(saved, "iptables-restore")).isZero();
            assertThat(run("", "iptables-save")).isZero();
            assertThat(out.text().lines().filter(line -> !line.startsWith("#")))
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
            assertThat(err.text()).startsWith("iptables: ").contains("NOSUCH");
            assertThat(run("*nat\n-A POSTROUTING -j NOSUCH\nCOMMIT\n", "iptables-restore"))
                    .isNotZero();
            assertThat(err.text()).contains("line 2");
            assertThat(run("", "iptables-save", "-t", "nat")).isZero();
            assertThat(out.text()).contains("-A POSTROUTING -j MASQUERADE");
        }
    }

    @Test
    void shouldSayThatThereIsNoDataplane() {
        assertThat(run("", "iptables-save")).isEqualTo(1);
        assertThat(err.text()).contains("no dataplane runs in " + directory);
    }
}
