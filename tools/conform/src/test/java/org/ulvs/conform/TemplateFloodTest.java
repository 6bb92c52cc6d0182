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
import org.ulvs.wire.PacketView;
import org.ulvs.wire.Tcp;

/** SYNs from many sources to a persistent service: each of them wants a template. */
class TemplateFloodTest {
    private static final int VIRTUAL = Addresses.ip("10.0.0.100");
    private static final int FIRST_ATTACKER = Addresses.ip("100.64.0.0");
    private static final int CLIENT = Addresses.ip("10.1.0.1");
    private static final String MISSED = "clients without a persistence template";
    private static final String FULL = "connection table full";

    private final ReplayDirector director = new ReplayDirector();
    private int attackers;

    @BeforeEach
    void addService() {
        RuleLine.apply("-A -t 10.0.0.100:80 -s rr -p 360", director.admin());
        RuleLine.apply("-a -t 10.0.0.100:80 -r 10.0.2.1:80 -m", director.admin());
        RuleLine.apply("-a -t 10.0.0.100:80 -r 10.0.2.2:80 -m", director.admin());
    }

    private List<Frame> send(int from, int fromPort, int to, int toPort, int flags, int port) {
        final boolean fromServer = port == ReplayNetwork.SERVERS;
        return director.receive(
                Frames.bytes(PacketBuilder.tcp(fromPort, toPort, flags)
                        .mac(
                                fromServer ? "02:00:00:00:02:01" : "02:00:00:00:01:01",
                                fromServer ? "02:00:00:00:02:fe" : "02:00:00:00:01:fe")
                        .addresses(from, to)
                        .build()),
                port);
    }

    private int server(int client, int clientPort, int flags) {
        final List<Frame> out = send(client, clientPort, VIRTUAL, 80, flags, ReplayNetwork.CLIENTS);
        assertThat(out).hasSize(1);
        final PacketView view = new PacketView();
        assertThat(view.parse(out.get(0))).isEqualTo(PacketView.OK);
        return view.destination();
    }

    /** Opens a connection; returns its server. */
    private int open(int client, int clientPort) {
        final int server = server(client, clientPort, Tcp.SYN);
        send(server, 80, client, clientPort, Tcp.SYN | Tcp.ACK, ReplayNetwork.SERVERS);
        assertThat(server(client, clientPort, Tcp.ACK)).isEqualTo(server);
        return server;
    }

    private void flood(int segments) {
        for (int i = 0; i < segments; i++) {
            send(FIRST_ATTACKER + attackers, 1024, VIRTUAL, 80, Tcp.SYN, ReplayNetwork.CLIENTS);
            attackers++;
        }
    }

    @Test
    void shouldServeNewClientsAndKeepOldOnesTogetherWhenTemplatesAreFull() {
        final int server = open(CLIENT, 2000);
        flood(3 * director.templates().capacity());
        assertThat(director.templates().count()).isEqualTo(director.templates().capacity());
        assertThat(director.counter(MISSED)).isPositive();
        assertThat(director.counter(FULL)).isZero();
        open(CLIENT + 1, 2000);
        for (int port = 2001; port < 2005; port++) {
            assertThat(open(CLIENT, port)).isEqualTo(server);
        }
    }

    @Test
    void shouldGiveTemplatesOfAttackersToNewClientsOnceTheirConnectionsAreGone() {
        flood(director.templates().capacity());
        director.advance(61);
        final long missed = director.counter(MISSED);
        final int server = open(CLIENT, 2000);
        assertThat(director.counter(MISSED)).isEqualTo(missed);
        for (int port = 2001; port < 2005; port++) {
            assertThat(open(CLIENT, port)).isEqualTo(server);
        }
    }

    @Test
    void shouldDropTemplatesThatNobodyUsesWithTheDropEntryDefence() {
        open(CLIENT, 2000);
        flood(1000);
        assertThat(director.admin().setSysctl("drop_entry", "3")).isEqualTo(Errno.OK);
        director.advance(100);
        assertThat(director.templates().count()).as("the assured one stays").isEqualTo(1);
    }
}
