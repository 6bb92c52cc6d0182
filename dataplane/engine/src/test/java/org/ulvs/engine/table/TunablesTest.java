// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.ulvs.cnc.Errno;

class TunablesTest {
    private final Tunables tunables = new Tunables();

    @Test
    void shouldKnowNamesWithAndWithoutPrefix() {
        assertThat(tunables.set("net.ipv4.vs.sloppy_tcp", "1")).isEqualTo(Errno.OK);
        assertThat(tunables.text("sloppy_tcp")).isEqualTo("1");
        assertThat(tunables.isOn(Tunables.Tunable.SLOPPY_TCP)).isTrue();
    }

    @Test
    void shouldRefuseUnknownNamesAndBadValuesWithoutAChange() {
        assertThat(tunables.set("sloppy", "1")).isEqualTo(Errno.ENOENT);
        assertThat(tunables.set("sloppy_tcp", "2")).isEqualTo(Errno.EINVAL);
        assertThat(tunables.set("sloppy_tcp", "yes")).isEqualTo(Errno.EINVAL);
        assertThat(tunables.text("sloppy_tcp")).isEqualTo("0");
        assertThat(tunables.text("sloppy")).isNull();
    }

    @Test
    void shouldBeginWithTheKernelsDefaultsAndBeDocumented() throws IOException {
        final String manual = Files.readString(Path.of("../../docs/sysctl.md"));
        for (final Tunables.Tunable tunable : Tunables.Tunable.values()) {
            assertThat(tunables.get(tunable)).isEqualTo(tunable.initial());
            assertThat(manual)
                    .contains("| " + tunable.label() + " | " + tunable.initial() + " |")
                    .contains(tunable.meaning());
        }
    }
}
