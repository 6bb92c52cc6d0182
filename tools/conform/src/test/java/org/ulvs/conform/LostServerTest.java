// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.conform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ulvs.cnc.Errno;
import org.ulvs.testkit.Addresses;
import org.ulvs.testkit.Frames;
import org.ulvs.testkit.PacketBuilder;
import org.ulvs.tools.ipvsadm.RuleLine;
import org.ulvs.wire.Frame;
import org.ulvs.wire.Icmp;
import org.ulvs.wire.PacketView;
import org.ulvs.wire.Tcp;

/** net.ipv4.vs.nat_icmp_send: a masqueraded server that sends without a connection. */
class LostServerTest {
    private final ReplayDirector director = new ReplayDirector();

    @BeforeEach
    void addService() {
        RuleLine.apply("-A -t 10.0.0.100:80 -s rr", director.admin());
        RuleLine.apply("-a -t 10.0.0.100:80 -r 10.0.2.1:8080 -m -w 1", director.admin());
    }

    private List<Frame> send(int port, int flags) {
        return director.receive(
                Frames.bytes(PacketBuilder.tcp(port, 2000, flags)
                        .mac(
                                Addresses.mac(ReplayNetwork.serverMac(Addresses.ip("10.0.2.1"))),
                                Addresses.mac(director.network().macAddress(ReplayNetwork.SERVERS)))
                        .addresses("10.0.2.1", "10.1.0.1")
                        .build()),
                ReplayNetwork.SERVERS);
    }

    @Test
    void shouldRouteByDefault() {
        assertThat(send(8080, Tcp.ACK))
                .singleElement()
                .satisfies(frame -> assertThat(frame.port()).isEqualTo(ReplayNetwork.CLIENTS));
    }

    @Test
    void shouldTellTheServerIfWanted() {
        assertThat(director.admin().setSysctl("nat_icmp_send", "1")).isEqualTo(Errno.OK);

        final List<Frame> out = send(8080, Tcp.ACK);

        final PacketView view = new PacketView();
        assertThat(out).hasSize(1);
        assertThat(view.parse(out.get(0))).isEqualTo(PacketView.OK);
        assertThat(out.get(0).port()).isEqualTo(ReplayNetwork.SERVERS);
        assertThat(view.icmpType()).isEqualTo(Icmp.UNREACHABLE);
        assertThat(view.icmpCode()).isEqualTo(Icmp.CODE_PORT_UNREACHABLE);
    }

    @Test
    void shouldStillRouteResetsAndOtherPorts() {
        assertThat(director.admin().setSysctl("nat_icmp_send", "1")).isEqualTo(Errno.OK);

        assertThat(send(8080, Tcp.RST))
                .singleElement()
                .satisfies(frame -> assertThat(frame.port()).isEqualTo(ReplayNetwork.CLIENTS));
        assertThat(send(9090, Tcp.ACK))
                .singleElement()
                .satisfies(frame -> assertThat(frame.port()).isEqualTo(ReplayNetwork.CLIENTS));
    }
}
