// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.conform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ulvs.testkit.Frames;
import org.ulvs.testkit.PacketBuilder;
import org.ulvs.tools.ipvsadm.RuleLine;
import org.ulvs.wire.Frame;
import org.ulvs.wire.Icmp;
import org.ulvs.wire.Tcp;

/** A service at an address that the director's host has itself: what is for no service is the host's. */
class HostAddressTest {
    private static final String HOST = "10.0.1.254";
    private static final String OWNED = "10.0.0.100";
    private static final String LEFT = "frames left to the host";

    private final ReplayDirector director = new ReplayDirector();

    @BeforeEach
    void addServices() {
        for (final String address : List.of(HOST, OWNED)) {
            RuleLine.apply("-A -t " + address + ":80 -s rr", director.admin());
            RuleLine.apply("-a -t " + address + ":80 -r 10.0.2.1:80 -m -w 1", director.admin());
        }
    }

    private List<Frame> send(PacketBuilder packet, String to) {
        return director.receive(
                Frames.bytes(packet.mac("02:00:00:00:01:01", "02:00:00:00:01:fe")
                        .addresses("10.1.0.1", to)
                        .build()),
                ReplayNetwork.CLIENTS);
    }

    @Test
    void shouldForwardTheService() {
        assertThat(send(PacketBuilder.tcp(2000, 80, Tcp.SYN), HOST))
                .singleElement()
                .satisfies(frame -> assertThat(frame.port()).isEqualTo(ReplayNetwork.SERVERS));
    }

    @Test
    void shouldLeaveTheRestToTheHost() {
        assertThat(send(PacketBuilder.tcp(2000, 22, Tcp.SYN), HOST)).isEmpty();
        assertThat(send(PacketBuilder.tcp(2000, 80, Tcp.ACK), HOST))
                .as("no connection: the host's stack resets it")
                .isEmpty();
        assertThat(send(PacketBuilder.udp(2000, 53), HOST)).isEmpty();
        assertThat(send(PacketBuilder.icmp(Icmp.ECHO_REQUEST, 0, 1), HOST)).isEmpty();
        assertThat(director.counter(LEFT)).isEqualTo(4);
    }

    @Test
    void shouldAnswerForAnAddressOfItsOwn() {
        assertThat(send(PacketBuilder.tcp(2000, 22, Tcp.SYN), OWNED)).hasSize(1);
        assertThat(send(PacketBuilder.tcp(2000, 80, Tcp.ACK), OWNED)).hasSize(1);
        assertThat(send(PacketBuilder.udp(2000, 53), OWNED)).hasSize(1);
        assertThat(send(PacketBuilder.icmp(Icmp.ECHO_REQUEST, 0, 1), OWNED)).hasSize(1);
        assertThat(director.counter(LEFT)).isZero();
    }
}
