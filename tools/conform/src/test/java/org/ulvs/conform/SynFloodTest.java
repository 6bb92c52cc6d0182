// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.conform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ulvs.cnc.Errno;
import org.ulvs.testkit.Addresses;
import org.ulvs.testkit.Frames;
import org.ulvs.testkit.PacketBuilder;
import org.ulvs.tools.ipvsadm.RuleLine;
import org.ulvs.wire.Frame;
import org.ulvs.wire.PacketView;
import org.ulvs.wire.Tcp;

/** Half-open connections from many sources, many times more than the connection table holds. */
class SynFloodTest {
    private static final int VIRTUAL = Addresses.ip("10.0.0.100");
    private static final int FIRST_ATTACKER = Addresses.ip("100.64.0.0");
    private static final int FIRST_CLIENT = Addresses.ip("10.0.1.1");
    private static final int HALF_OPEN = 1_000_000;
    private static final int BETWEEN_CLIENTS = 5000;
    private static final int BETWEEN_SEGMENTS = 500;
    private static final int CLIENT_PORT = 40_000;
    private static final int WEB = 80;
    private static final String EVICTED = "half-open connections evicted";
    private static final String FULL = "connection table full";

    private final ReplayDirector director = new ReplayDirector();
    private int attackers;

    @BeforeEach
    void addService() {
        RuleLine.apply("-A -t 10.0.0.100:80 -s wlc", director.admin());
        RuleLine.apply("-a -t 10.0.0.100:80 -r 10.0.2.1:80 -m", director.admin());
        RuleLine.apply("-a -t 10.0.0.100:80 -r 10.0.2.2:80 -m", director.admin());
    }

    private static byte[] segment(int from, int fromPort, int to, int toPort, int flags, int port) {
        final boolean fromServer = port == ReplayNetwork.SERVERS;
        return Frames.bytes(PacketBuilder.tcp(fromPort, toPort, flags)
                .mac(
                        fromServer ? "02:00:00:00:02:01" : "02:00:00:00:01:01",
                        fromServer ? "02:00:00:00:02:fe" : "02:00:00:00:01:fe")
                .addresses(from, to)
                .build());
    }

    private void flood(int segments) {
        for (int i = 0; i < segments; i++) {
            director.receive(
                    segment(FIRST_ATTACKER + attackers, 1024 + attackers % 60_000, VIRTUAL, WEB, Tcp.SYN, 0),
                    ReplayNetwork.CLIENTS);
            attackers++;
        }
    }

    /** The server that gets a client's segment. */
    private int toServer(int client, int flags) {
        final List<Frame> out =
                director.receive(segment(client, CLIENT_PORT, VIRTUAL, WEB, flags, 0), ReplayNetwork.CLIENTS);
        assertThat(out).hasSize(1);
        assertThat(out.get(0).port()).isEqualTo(ReplayNetwork.SERVERS);
        final PacketView view = new PacketView();
        assertThat(view.parse(out.get(0))).isEqualTo(PacketView.OK);
        return view.destination();
    }

    private void toClient(int server, int client, int flags) {
        final List<Frame> out =
                director.receive(segment(server, WEB, client, CLIENT_PORT, flags, 1), ReplayNetwork.SERVERS);
        assertThat(out).hasSize(1);
        final PacketView view = new PacketView();
        assertThat(view.parse(out.get(0))).isEqualTo(PacketView.OK);
        assertThat(view.source()).isEqualTo(VIRTUAL);
        assertThat(view.destination()).isEqualTo(client);
    }

    /** Opens a connection while the flood goes on between the segments; returns its server. */
    private int open(int client) {
        final int server = toServer(client, Tcp.SYN);
        flood(BETWEEN_SEGMENTS);
        toClient(server, client, Tcp.SYN | Tcp.ACK);
        flood(BETWEEN_SEGMENTS);
        assertThat(toServer(client, Tcp.ACK)).isEqualTo(server);
        return server;
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "3"})
    void shouldServeOldAndNewClientsDuringAFloodWhateverTheDefences(String mode) {
        assertThat(director.admin().setSysctl("drop_entry", mode)).isEqualTo(Errno.OK);
        assertThat(director.admin().setSysctl("secure_tcp", mode)).isEqualTo(Errno.OK);
        final int old = FIRST_CLIENT;
        final int server = open(old);
        int client = old;
        while (attackers < HALF_OPEN / 3) {
            flood(BETWEEN_CLIENTS);
            director.advance(0.05);
            client++;
            final int other = open(client);
            assertThat(toServer(client, Tcp.PSH | Tcp.ACK)).isEqualTo(other);
            assertThat(toServer(old, Tcp.PSH | Tcp.ACK)).isEqualTo(server);
            toClient(server, old, Tcp.PSH | Tcp.ACK);
        }
        assertThat(director.counter(FULL)).isZero();
        assertThat(director.counter(EVICTED))
                .isGreaterThan(attackers - director.connections().capacity());
    }

    @Test
    void shouldSpareAHandshakeThatIsUnderWay() {
        assertThat(director.admin().setSysctl("drop_entry", "3")).isEqualTo(Errno.OK);
        for (int client = 0; client < 100; client++) {
            final int server = toServer(FIRST_CLIENT + client, Tcp.SYN);
            for (int i = 0; i < 9; i++) {
                director.advance(0.1);
            }
            toClient(server, FIRST_CLIENT + client, Tcp.SYN | Tcp.ACK);
            assertThat(toServer(FIRST_CLIENT + client, Tcp.ACK)).isEqualTo(server);
        }
        assertThat(director.counter(EVICTED)).isZero();
        flood(1000);
        director.advance(40);
        assertThat(director.counter(EVICTED)).as("those that never answer").isEqualTo(1000);
    }

    @Test
    void shouldDropWhatAFloodLeavesThatIsAsFastAsTheLookAtTheTable() {
        assertThat(director.admin().setSysctl("drop_entry", "3")).isEqualTo(Errno.OK);
        for (int tenths = 0; tenths < 160; tenths++) {
            flood(director.connections().capacity() / 320);
            director.advance(0.1);
        }
        assertThat(director.counter(EVICTED)).isPositive();
        assertThat(director.counter(FULL)).isZero();
    }

    @Test
    void shouldOutliveAMillionHalfOpenConnections() {
        final int server = open(FIRST_CLIENT);
        flood(HALF_OPEN);
        assertThat(toServer(FIRST_CLIENT, Tcp.PSH | Tcp.ACK)).isEqualTo(server);
        assertThat(director.connections().count())
                .isEqualTo(director.connections().capacity());
        open(FIRST_CLIENT + 1);
        director.advance(70);
        assertThat(director.connections().count())
                .as("left when the flood is over")
                .isEqualTo(2);
        assertThat(director.counter(FULL)).isZero();
    }
}
