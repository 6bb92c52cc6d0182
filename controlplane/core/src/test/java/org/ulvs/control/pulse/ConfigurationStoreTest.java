// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.pulse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulvs.control.lvscf.Names;

/** Another weight for one server of what runs. */
class ConfigurationStoreTest {
    private static final String TWO_OF_ONE_NAME = """
            serial_no = 3
            primary = 192.0.2.1
            virtual http {
             active = 1
             address = 192.0.2.10 eth0:1
             server web {
              address = 192.0.2.21
              active = 1
             }
             server web {
              address = 192.0.2.22
              active = 1
              weight = 7
             }
            }
            """;

    @TempDir
    private Path directory;

    @Test
    void shouldReachTheSecondServerOfAName() throws IOException {
        final Path file = Files.writeString(directory.resolve("lvs.cf"), TWO_OF_ONE_NAME);
        final ConfigurationStore store = new ConfigurationStore(file, Names.of(Map.of()));
        final ConfigurationStore.Loaded running = store.load();
        assertThat(store.reweighed(running, "weight http web~2 0 by somebody").text())
                .isEqualTo(TWO_OF_ONE_NAME
                        .replace("serial_no = 3", "serial_no = 4")
                        .replace("weight = 7", "weight = 0"));
        assertThat(store.reweighed(running, "weight http web 2").text())
                .contains("weight = 7")
                .contains("weight = 2");
        assertThatThrownBy(() -> store.reweighed(running, "weight http web~3 0"))
                .isInstanceOf(ConfigurationStore.UnusableException.class)
                .hasMessageContaining("there is no server web~3 of virtual http");
    }
}
