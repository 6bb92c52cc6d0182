// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.conform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.ulvs.cnc.Errno;
import org.ulvs.testkit.Addresses;
import org.ulvs.testkit.Frames;
import org.ulvs.testkit.PacketBuilder;
import org.ulvs.wire.Frame;
import org.ulvs.wire.PacketView;
import org.ulvs.wire.Tcp;

/** Source NAT of connections that real servers open, through the code that forwards. */
class OutgoingNatTest {
    private static final String SERVER = "10.0.2.1";
    private static final String PEER = "198.51.100.7";
    private static final String OTHER_PEER = "198.51.100.8";
    private static final String OURS = "10.9.0.1";
    private static final String DIRECTOR = "10.0.1.254";
    private static final String EXHAUSTED = "dropped: port-pool-exhausted";

    private final ReplayDirector director = new ReplayDirector();

    private void rule(String target) {
        final String text =
                "*nat\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -s 10.0.2.0/24 -p tcp -j " + target + "\nCOMMIT\n";
        assertThat(director.admin().replaceRules(text).errno()).isEqualTo(Errno.OK);
    }

    private static Frame one(List<Frame> frames) {
        assertThat(frames).hasSize(1);
        return frames.get(0);
    }

    private static PacketView view(Frame frame) {
        final PacketView view = new PacketView();
        assertThat(view.parse(frame)).isEqualTo(PacketView.OK);
        return view;
    }

    private List<Frame> packet(String from, int fromPort, String to, int toPort, int flags, int port) {
        final byte[] bytes = Frames.bytes(PacketBuilder.tcp(fromPort, toPort, flags)
                .mac(
                        port == ReplayNetwork.SERVERS ? "02:00:00:00:02:01" : "02:00:00:00:01:01",
                        port == ReplayNetwork.SERVERS ? "02:00:00:00:02:fe" : "02:00:00:00:01:fe")
                .addresses(from, to)
                .build());
        return director.receive(bytes, port);
    }

    private List<Frame> open(int serverPort, String peer) {
        return packet(SERVER, serverPort, peer, 80, Tcp.SYN, ReplayNetwork.SERVERS);
    }

    @Test
    void shouldTranslateBothWaysWithoutAnyService() {
        rule("SNAT --to-source " + OURS);
        final PacketView out = view(one(open(40_000, PEER)));
        assertThat(out.source()).isEqualTo(Addresses.ip(OURS));
        assertThat(out.sourcePort()).as("an owned address keeps the port").isEqualTo(40_000);
        final Frame reply = one(packet(PEER, 80, OURS, 40_000, Tcp.SYN | Tcp.ACK, ReplayNetwork.CLIENTS));
        assertThat(reply.port()).isEqualTo(ReplayNetwork.SERVERS);
        assertThat(view(reply).destination()).isEqualTo(Addresses.ip(SERVER));
        assertThat(view(reply).destinationPort()).isEqualTo(40_000);
        assertThat(view(reply).source()).isEqualTo(Addresses.ip(PEER));
    }

    @Test
    void shouldLeaveThePortsOfTheHostAloneOnItsAddress() {
        rule("MASQUERADE");
        final PacketView out = view(one(open(40_000, PEER)));
        assertThat(out.source()).isEqualTo(Addresses.ip(DIRECTOR));
        assertThat(out.sourcePort()).isBetween(61_000, 65_535);
        final Frame reply = one(packet(PEER, 80, DIRECTOR, out.sourcePort(), Tcp.SYN | Tcp.ACK, 0));
        assertThat(view(reply).destination()).isEqualTo(Addresses.ip(SERVER));
        assertThat(view(reply).destinationPort()).isEqualTo(40_000);
    }

    @Test
    void shouldCountAPeerForWhichNoPortIsLeft() {
        rule("SNAT --to-source " + OURS + ":7000-7001");
        assertThat(view(one(open(40_000, PEER))).sourcePort()).isBetween(7000, 7001);
        assertThat(view(one(open(40_001, PEER))).sourcePort()).isBetween(7000, 7001);
        assertThat(director.counter(EXHAUSTED)).isZero();
        assertThat(open(40_002, PEER)).isEmpty();
        assertThat(director.counter(EXHAUSTED)).isEqualTo(1);
        assertThat(open(40_002, OTHER_PEER)).as("each peer has its own ports").hasSize(1);
        packet(PEER, 80, OURS, 7000, Tcp.RST | Tcp.ACK, ReplayNetwork.CLIENTS);
        director.advance(70);
        assertThat(open(40_003, PEER)).as("after one connection has gone").hasSize(1);
        assertThat(director.counter(EXHAUSTED)).isEqualTo(1);
    }

    @Test
    void shouldNotSearchAgainAtOnceForAPeerThatHasNoPortLeft() {
        rule("SNAT --to-source " + OURS + ":7000-7001");
        open(40_000, PEER);
        open(40_001, PEER);
        assertThat(open(40_002, PEER)).isEmpty();
        director.forwarder().connections().onDue(0);
        assertThat(open(40_002, PEER)).as("no search for a moment").isEmpty();
        assertThat(open(40_002, OTHER_PEER)).as("others are not concerned").hasSize(1);
        director.advance(0.1);
        assertThat(open(40_002, PEER)).hasSize(1);
        assertThat(director.counter(EXHAUSTED)).isEqualTo(2);
    }

    @Test
    void shouldSearchAgainAtOnceWhenTheRulesChange() {
        rule("SNAT --to-source " + OURS + ":7000-7000");
        open(40_000, PEER);
        assertThat(open(40_001, PEER)).isEmpty();
        rule("SNAT --to-source " + OURS + ":7000-7001");
        assertThat(open(40_001, PEER)).hasSize(1);
    }

    @Test
    void shouldRouteWhatNoRuleWants() {
        rule("SNAT --to-source " + OURS);
        final byte[] bytes = Frames.bytes(PacketBuilder.udp(40_000, 53)
                .mac("02:00:00:00:02:01", "02:00:00:00:02:fe")
                .addresses(SERVER, PEER)
                .build());
        assertThat(view(one(director.receive(bytes, ReplayNetwork.SERVERS))).source())
                .isEqualTo(Addresses.ip(SERVER));
    }
}
