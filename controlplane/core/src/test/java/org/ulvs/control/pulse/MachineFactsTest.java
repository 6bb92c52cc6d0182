// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.pulse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulvs.control.lvscf.Configuration;
import org.ulvs.control.lvscf.Ipv4;
import org.ulvs.control.lvscf.LvsCf;
import org.ulvs.control.lvscf.Names;

/** What pulse finds out about its machine and its files. */
class MachineFactsTest {
    private static Configuration configuration(String more) {
        return LvsCf.read("primary = 192.0.2.1\nbackup = 192.0.2.2\n" + more, Names.of(Map.of()))
                .configuration();
    }

    private static PeerPaths paths(String more, String... own) throws IOException {
        final Set<InetAddress> addresses = Node.addresses(own);
        return PeerPaths.of(configuration(more), addresses::contains);
    }

    @Test
    void shouldKnowItsRoleAndPaths() throws IOException {
        final String both = "backup_active = 1\nprimary_private = 10.0.0.1\nbackup_private = 10.0.0.2\n";

        final PeerPaths primary = paths(both, "192.0.2.1", "10.0.0.1");
        assertThat(primary.role()).isEqualTo(Role.PRIMARY);
        assertThat(primary.peers()).containsExactly(Ipv4.parse("192.0.2.2"), Ipv4.parse("10.0.0.2"));
        assertThat(paths(both, "192.0.2.2").role()).isEqualTo(Role.BACKUP);
        assertThat(paths("backup_active = 1\nprimary_private = 192.0.2.1\n", "192.0.2.1")
                        .paths())
                .hasSize(1);
        assertThat(paths("", "192.0.2.1").paths()).isEmpty();
    }

    @Test
    void shouldRefuseToRunOnTheWrongMachine() {
        assertThatThrownBy(() -> paths("backup_active = 1\n", "192.0.2.3")).hasMessageContaining("neither");
        assertThatThrownBy(() -> paths("backup_active = 0\n", "192.0.2.2"))
                .hasMessage("We are backup node and backup is marked inactive -- exiting pulse");
    }

    @Test
    void shouldFindTheDefaultGateway() {
        final String head = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT";

        assertThat(Gateway.parse(List.of(
                        head,
                        "eth0\t001AA8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0",
                        "eth0\t00000000\tFE1AA8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0")))
                .contains(Ipv4.parse("192.168.26.254"));
        assertThat(Gateway.parse(List.of(head))).isEmpty();
    }

    @Test
    void shouldRefuseMarkRulesThatTheDataplaneWouldRefuse(@TempDir Path directory) throws IOException {
        final Path file = directory.resolve("lvs.cf");
        final Path rules = directory.resolve("rules");
        Files.writeString(file, "primary = 192.0.2.1\nmark_rules = " + rules + "\n");
        final ConfigurationStore store = new ConfigurationStore(file, Names.of(Map.of()));
        assertThatThrownBy(store::load).hasMessageContaining("cannot be read");

        Files.writeString(rules, "*mangle\n-A PREROUTING -p tcp --dport many -j MARK --set-mark 1\nCOMMIT\n");
        assertThatThrownBy(store::load).hasMessageContaining("line 2");

        Files.writeString(rules, "*mangle\n-A PREROUTING -p tcp --dport 80 -j MARK --set-mark 1\nCOMMIT\n");
        final ConfigurationStore.Loaded loaded = store.load();
        assertThat(store.unchanged(loaded)).isTrue();
        Files.writeString(rules, "*mangle\nCOMMIT\n");
        assertThat(store.unchanged(loaded)).isFalse();
        assertThat(store.load().hash()).isNotEqualTo(loaded.hash());
    }
}
