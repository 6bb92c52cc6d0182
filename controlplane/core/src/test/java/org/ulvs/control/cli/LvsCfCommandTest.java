// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class LvsCfCommandTest {
    private static final String GOOD = """
            primary = 192.0.2.1
            network = direct
            virtual web {
                 active = 1
                 address = 192.0.2.10 eth0:1
                 timeout = 6
                 reentry = 15
                 server one {
                     address = 192.0.2.21
                     active = 1
                 }
            }
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    private final StringWriter output = new StringWriter();

    private int run(String... arguments) {
        final CommandLine command = Control.commandLine();
        command.setOut(new PrintWriter(output)).setErr(new PrintWriter(output));
        return command.execute(arguments);
    }

    private String file(String name, String text) throws IOException {
        final Path file = directory.resolve(name);
        Files.writeString(file, text);
        return file.toString();
    }

    @Test
    void shouldExitWithZeroOneAndTwo() throws IOException {
        assertThat(run("lvs-cf", "check", file("good.cf", GOOD))).isZero();
        assertThat(run("lvs-cf", "check", file("odd.cf", GOOD.replace("= 6", "= 6 # s"))))
                .isEqualTo(1);
        assertThat(run("lvs-cf", "check", file("bad.cf", GOOD.replace("= 6", "= x"))))
                .isEqualTo(2);
        assertThat(run("lvs-cf", "check", "/nonexistent/lvs.cf")).isEqualTo(2);
        assertThat(run("lvs-cf", "chekc", "x")).isEqualTo(2);
    }

    @Test
    void shouldTellInStrictModeWhatPiranhaRefuses() throws IOException {
        final String file = file("new.cf", "keepalive = 0.1\ndeadtime = 0.3\n" + GOOD);

        assertThat(run("lvs-cf", "check", file)).isZero();
        assertThat(run("lvs-cf", "check", "--strict", file)).isEqualTo(2);
        assertThat(output.toString())
                .contains(file + ":1:13: note: fraction of a second [Piranha: integer expected]")
                .contains("can be used, Piranha refuses it");
    }

    @Test
    void shouldPrintJson() throws IOException {
        run("lvs-cf", "check", "--json", file("odd.cf", GOOD.replace("= 6", "= 6 # s")));

        assertThat(output.toString())
                .contains("\"reason\" : \"comment after a value\"", "\"line\" : 6", "\"column\" : 18");
    }

    @Test
    void shouldExplainAsCommands() throws IOException {
        assertThat(run("lvs-cf", "explain", file("good.cf", GOOD))).isZero();

        assertThat(output.toString())
                .contains("own 192.0.2.10 on eth0")
                .contains("ipvsadm -A -t 192.0.2.10:80 -s wlc")
                .contains("ipvsadm -a -t 192.0.2.10:80 -r 192.0.2.21:80 -g -w 1")
                .contains("check web/one: every 6 s 192.0.2.21:80: tcp connect, send")
                .contains("1.0\\r\\n\\r\\n\", expect \"HTTP\"")
                .contains("up after 2, down after 1");
    }

    @Test
    void shouldFormatInPlaceAndKeepComments() throws IOException {
        final String file = file("ugly.cf", "deadtime = 9 # long\nprimary = 192.0.2.1\n# end\n");

        assertThat(run("lvs-cf", "format", "--write", file)).isZero();

        assertThat(Path.of(file)).hasContent("primary = 192.0.2.1\n# long\ndeadtime = 9\n# end\n");
    }

    @Test
    void shouldCompareTwoFiles() throws IOException {
        final String before = file("a.cf", GOOD);

        assertThat(run("lvs-cf", "diff", before, file("b.cf", GOOD + "# only a comment\n")))
                .isZero();
        assertThat(run("lvs-cf", "diff", before, file("c.cf", GOOD.replace("= 15", "= 30"))))
                .isEqualTo(1);
        assertThat(output.toString()).contains("virtual web: reentry 15 -> 30");
    }
}
