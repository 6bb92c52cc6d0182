// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.panel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.ulvs.control.lvs.LvsStatus;
import org.ulvs.control.lvscf.Configuration;
import org.ulvs.control.lvscf.LvsCf;
import org.ulvs.control.lvscf.Names;
import org.ulvs.web.live.ControlPlane;
import org.ulvs.web.live.LiveTable;

/** Which server of lvs.cf a server of the table is, also where its port there is not its own. */
class TableViewTest {
    private static final Configuration MARKED = read("""
            primary = 192.168.26.201
            virtual http {
             active = 1
             address = 192.168.26.10 eth0:1
             fwmark = 80
             server web1 {
              address = 10.11.12.1
              port = 8080
              active = 1
             }
             server web2 {
              address = 10.11.12.2
              active = 1
             }
            }
            virtual https {
             active = 1
             address = 192.168.26.10 eth0:1
             port = 443
             fwmark = 80
             server web1 {
              address = 10.11.12.1
              port = 8443
              active = 1
             }
            }
            """);

    private static Configuration read(String text) {
        return LvsCf.read(text, Names.of(Map.of())).configuration();
    }

    private static LiveTable.Server server(String address, int port) {
        return new LiveTable.Server(address, port, "Masq", 1, 0, 0, LiveTable.Figures.ZERO, LiveTable.Figures.ZERO);
    }

    private static List<String> rows(
            Configuration configuration,
            int mark,
            Map<String, ControlPlane.Health> health,
            LiveTable.Server... servers) {
        final LiveTable table = new LiveTable(
                true,
                "",
                List.of(new LiveTable.Service(
                        mark == 0 ? "TCP" : "FWM",
                        mark == 0 ? "192.168.26.10" : "",
                        mark == 0 ? 80 : 0,
                        mark,
                        "wlc",
                        0,
                        LiveTable.Figures.ZERO,
                        LiveTable.Figures.ZERO,
                        Arrays.asList(servers))));
        return TableView.of(table, configuration, health).get(0).servers().stream()
                .map(row -> row.name() + ' ' + row.endpoint() + ' ' + row.state())
                .toList();
    }

    private static ControlPlane.Health health(boolean up) {
        return new ControlPlane.Health("http/web1", up, "", 1, LvsStatus.Checks.NONE);
    }

    @Test
    void shouldKnowServersOfOneMarkWithSeveralPorts() {
        final Map<String, ControlPlane.Health> health =
                Map.of("FWM 80>10.11.12.1:0", health(false), "FWM 80>10.11.12.2:0", health(true));
        assertThat(rows(MARKED, 80, health, server("10.11.12.2", 0), server("10.11.12.1", 0)))
                .containsExactly("web1 10.11.12.1:0 down", "web2 10.11.12.2:0 up");
        assertThat(MARKED.virtualServers())
                .allSatisfy(virtual -> assertThat(TableView.health(
                                health, virtual, virtual.servers().get(0)))
                        .isEqualTo(health(false)));
    }

    @Test
    void shouldTellServersOfOneAddressApartByTheirPorts() {
        final Configuration configuration = read("""
                primary = 192.168.26.201
                virtual http {
                 active = 1
                 address = 192.168.26.10 eth0:1
                 server a {
                  address = 10.11.12.1
                  port = 8080
                  active = 1
                 }
                 server b {
                  address = 10.11.12.1
                  port = 8081
                  active = 1
                 }
                }
                """);
        assertThat(rows(configuration, 0, Map.of(), server("10.11.12.1", 8081), server("10.11.12.9", 80)))
                .containsExactly("a 10.11.12.1:8080 absent", "b 10.11.12.1:8081 up", " 10.11.12.9:80 up");
    }
}
