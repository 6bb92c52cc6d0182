// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.sysctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulvs.tools.support.TestDataplane;
import org.ulvs.tools.support.TextStream;

final class SysctlMainTest {
    @TempDir
    Path directory;

    private final TextStream out = new TextStream();
    private final TextStream err = new TextStream();

    private int run(String... words) {
        out.reset();
        err.reset();
        final List<String> arguments = new ArrayList<>(List.of("--dir", directory.toString()));
        arguments.addAll(List.of(words));
        return new SysctlMain(out, err).run(arguments);
    }

    @Test
    void shouldShowAndSetTunables() throws IOException {
        try (TestDataplane dataplane = new TestDataplane(directory, 64)) {
            assertThat(dataplane.directory()).isEqualTo(directory);
            assertThat(run()).isZero();
            assertThat(out.text()).contains("net.ipv4.vs.conn_reuse_mode = 1\n", "net.ipv4.vs.sloppy_tcp = 0\n");
            assertThat(run("-w", "net.ipv4.vs.sloppy_tcp=1")).isZero();
            assertThat(out.text()).isEqualTo("net.ipv4.vs.sloppy_tcp = 1\n");
            assertThat(run("-n", "sloppy_tcp", "net/ipv4/vs/conn_reuse_mode")).isZero();
            assertThat(out.text()).isEqualTo("1\n1\n");
        }
    }

    @Test
    void shouldRefuseUnknownNamesAndBadValues() throws IOException {
        try (TestDataplane dataplane = new TestDataplane(directory, 64)) {
            assertThat(dataplane.directory()).isEqualTo(directory);
            assertThat(run("nosuch")).isEqualTo(1);
            assertThat(err.text()).contains("there is no net.ipv4.vs.nosuch");
            assertThat(run("nosuch=1", "sloppy_tcp=1")).isEqualTo(1);
            assertThat(out.text()).as("goes on with the next").isEqualTo("net.ipv4.vs.sloppy_tcp = 1\n");
            assertThat(run("sloppy_tcp=maybe")).isEqualTo(1);
            assertThat(err.text()).contains("net.ipv4.vs.sloppy_tcp cannot be \"maybe\"");
            assertThat(run("-w", "sloppy_tcp")).isEqualTo(2);
            assertThat(run("-q")).isEqualTo(2);
        }
    }
}
