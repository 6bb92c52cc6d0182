// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service with a thousand real servers. */
class LargeTableTest {
    static final int SERVERS = 1_000;

    @TempDir
    private Path directory;

    static String configuration() {
        final StringBuilder text = new StringBuilder("primary = 192.168.26.201\nvirtual http {\n active = 1\n")
                .append(" address = 192.168.26.10 eth0:1\n");
        for (int i = 0; i < SERVERS; i++) {
            text.append(" server web").append(i).append(" {\n  address = ").append(address(i));
            text.append("\n  active = 1\n }\n");
        }
        return text.append("}\n").toString();
    }

    /** The address of the nth server, from 0. */
    static String address(int n) {
        final int number = 0x0c01 + n;
        return "10.11." + (number >> 8) + '.' + (number & 0xff);
    }

    @Test
    void shouldShowAllOfThemWithTheirNames() throws Exception {
        final int[] weights = new int[SERVERS];
        Arrays.fill(weights, 1);
        try (FakeDataplane dataplane = new FakeDataplane(directory.resolve("dataplane"));
                Gui gui = new Gui(directory)
                        .withPassword()
                        .withConfiguration(configuration())
                        .login()) {
            dataplane.table(0xc0a8_1a0a, 80, weights);
            gui.sample();
            String page = gui.get("/control").body();
            assertThat(page).as("all are up").contains("1000 of 1000 up").doesNotContain("web7 ");
            page = gui.get("/control?show=all").body();
            assertThat(page).contains("web999");
            assertThat(page.split("badge up", -1)).hasSizeGreaterThanOrEqualTo(SERVERS);
            assertThat(gui.get("/watch?name=http&show=all").body()).contains("Check web999 now");
            assertThat(gui.get("/virtual/servers?name=http").body()).contains("web999");
            assertThat(gui.get("/virtual/servers?name=http&find=web99&all=1")
                            .body()
                            .split("checked>", -1))
                    .as("web99 and web990 to web999 are selected")
                    .hasSize(12);
        }
    }
}
