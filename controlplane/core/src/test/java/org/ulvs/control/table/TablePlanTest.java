// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.ulvs.control.lvscf.LvsCf;
import org.ulvs.control.lvscf.Names;

class TablePlanTest {
    private static TablePlan plan(String text) {
        final LvsCf read = LvsCf.read(text, Names.of(Map.of()));
        assertThat(read.errors()).isEmpty();
        return TablePlan.of(read.configuration());
    }

    private static List<String> commands(TablePlan plan) {
        return plan.services().stream()
                .flatMap(service -> java.util.stream.Stream.concat(
                        java.util.stream.Stream.of("-A " + IpvsadmText.service(service.spec())),
                        service.servers().stream()
                                .map(server -> "-a "
                                        + IpvsadmText.service(service.spec().key()) + ' '
                                        + IpvsadmText.server(server.spec()))))
                .toList();
    }

    @Test
    void shouldMakeOneServiceOfVirtualServersThatShareAMark() {
        final String service = """
                virtual %1$s {
                     active = 1
                     address = 192.0.2.10 eth0:1
                     fwmark = 80
                     port = %2$s
                     persistent = 300
                     server one {
                         address = 192.0.2.21
                         active = 1
                         port = %2$s
                         weight = 2
                     }
                }
                """;
        final TablePlan plan = plan("primary = 192.0.2.1\nnetwork = direct\n" + service.formatted("http", "80")
                + service.formatted("https", "443"));

        assertThat(commands(plan)).containsExactly("-A -f 80 -s wlc -p 300", "-a -f 80 -r 192.0.2.21:0 -g -w 2");
        assertThat(plan.services().get(0).servers().get(0).members())
                .extracting(PlannedServer.Member::label)
                .containsExactly("http/one", "https/one");
    }

    @Test
    void shouldUseTheServicesPortWhereForwardingCannotChangeIt() {
        final TablePlan plan = plan("""
                primary = 192.0.2.1
                network = direct
                virtual web {
                     active = 1
                     address = 192.0.2.10 eth0:1
                     server direct {
                         address = 192.0.2.21
                         active = 1
                         port = 8080
                     }
                     server masqueraded {
                         address = 192.0.2.22
                         active = 1
                         port = 8080
                         forwarding = nat
                     }
                     server off {
                         address = 192.0.2.23
                     }
                }
                """);

        assertThat(commands(plan))
                .containsExactly(
                        "-A -t 192.0.2.10:80 -s wlc",
                        "-a -t 192.0.2.10:80 -r 192.0.2.21:80 -g -w 1",
                        "-a -t 192.0.2.10:80 -r 192.0.2.22:8080 -m -w 1");
    }

    @Test
    void shouldOwnEachAddressOnceAndTheNatRouterOnlyForNat() {
        final String virtuals = """
                virtual a {
                     active = 1
                     address = 192.0.2.10 eth0:1
                     server s {
                         address = 10.0.0.1
                         active = 1
                     }
                }
                virtual b {
                     active = 1
                     address = 192.0.2.10 eth0:2
                     port = 443
                     server s {
                         address = 10.0.0.1
                         active = 1
                     }
                }
                """;
        final String global = "primary = 192.0.2.1\nnat_router = 10.0.0.254 eth1:1\n";

        assertThat(plan(global + virtuals).addresses())
                .extracting(owned -> IpvsadmText.address(owned.address()) + ' ' + owned.device())
                .containsExactly("192.0.2.10 eth0", "10.0.0.254 eth1");
        assertThat(plan(global + "network = direct\n" + virtuals).addresses())
                .extracting(owned -> IpvsadmText.address(owned.address()))
                .containsExactly("192.0.2.10");
    }
}
