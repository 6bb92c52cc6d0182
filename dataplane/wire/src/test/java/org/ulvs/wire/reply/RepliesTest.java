// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.wire.reply;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Objects;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.ulvs.wire.Arp;
import org.ulvs.wire.Checksums;
import org.ulvs.wire.EmbeddedHeader;
import org.ulvs.wire.Ethernet;
import org.ulvs.wire.Frame;
import org.ulvs.wire.Icmp;
import org.ulvs.wire.Ipv4;
import org.ulvs.wire.PacketView;
import org.ulvs.wire.Packets;
import org.ulvs.wire.Tcp;

class RepliesTest {
    private static final long OURS = 0x0200_0000_01FEL;
    private static final long ASKER = 0x0200_0000_0101L;

    private final PacketView view = new PacketView();
    private final Packets.Sink sink = new Packets.Sink();

    private static byte[] segment(final int flags, final int sequence, final int acknowledgement, final int payload) {
        final byte[] bytes = new byte[Tcp.MIN_LENGTH + payload];
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        Tcp.sourcePort(buffer, 0, 1024);
        Tcp.destinationPort(buffer, 0, 80);
        Tcp.headerLength(buffer, 0, Tcp.MIN_LENGTH);
        Tcp.flags(buffer, 0, flags);
        Tcp.sequence(buffer, 0, sequence);
        Tcp.acknowledgement(buffer, 0, acknowledgement);
        return bytes;
    }

    private Frame reset(final int flags, final int payload, final int tos) {
        final Frame cause = Packets.packet(Ipv4.TCP, 1, 0, tos, segment(flags, -2, 7000, payload));
        view.parse(cause);
        final Frame reset = Objects.requireNonNull(TcpReset.build(sink, cause, view));
        assertThat(view.parse(reset)).isEqualTo(PacketView.OK);
        final int pseudo = Checksums.pseudoHeader(view.source(), view.destination(), Ipv4.TCP, view.transportLength());
        assertThat(Checksums.add(pseudo, Checksums.sum(reset.buffer(), view.transportOffset(), view.transportLength())))
                .isEqualTo(0xFFFF);
        assertThat(view.source()).isEqualTo(Packets.VIP);
        assertThat(view.destination()).isEqualTo(Packets.CLIENT);
        assertThat(view.sourcePort()).isEqualTo(80);
        assertThat(view.destinationPort()).isEqualTo(1024);
        return reset;
    }

    @Test
    void shouldResetAtTheAcknowledgedNumber() {
        final Frame reset = reset(Tcp.ACK | Tcp.PSH, 5, 0);
        assertThat(view.tcpFlags()).isEqualTo(Tcp.RST);
        assertThat(Tcp.sequence(reset.buffer(), view.transportOffset())).isEqualTo(7000);
        assertThat(Tcp.acknowledgement(reset.buffer(), view.transportOffset())).isZero();
    }

    @Test
    void shouldAcknowledgeAllThatASegmentWithoutAckTakesUp() {
        final Frame reset = reset(Tcp.SYN | Tcp.FIN, 5, 0xBB);
        assertThat(view.tcpFlags()).isEqualTo(Tcp.RST | Tcp.ACK);
        assertThat(Tcp.sequence(reset.buffer(), view.transportOffset())).isZero();
        assertThat(Tcp.acknowledgement(reset.buffer(), view.transportOffset())).isEqualTo(-2 + 5 + 2);
        assertThat(view.tos()).isEqualTo(0xB8);
        assertThat(view.dontFragment()).isTrue();
    }

    @Test
    void shouldQuoteNoMoreThanThePacketAndNoMoreThan548Bytes() {
        final int[][] cases = {{8, 28}, {8 + 520, 548}, {8 + 521, 548}, {8 + 1400, 548}};
        for (final int[] lengths : cases) {
            final Frame cause = Packets.packet(Ipv4.UDP, 1, 0, 0x1E, new byte[lengths[0]]);
            view.parse(cause);
            final Frame error = Objects.requireNonNull(IcmpError.portUnreachable(sink, cause, view, Packets.VIP, 9));
            assertThat(view.parse(error)).isEqualTo(PacketView.OK);
            assertThat(view.payloadLength()).isEqualTo(lengths[1]);
            assertThat(view.isIcmpChecksumValid()).isTrue();
            assertThat(view.icmpType()).isEqualTo(3);
            assertThat(view.icmpCode()).isEqualTo(3);
            assertThat(view.tos()).isEqualTo(0xDE);
            assertThat(view.ttl()).isEqualTo(64);
        }
    }

    @Test
    void shouldNotAnswerErrorsGroupsLaterFragmentsAndStrangeSources() {
        final Frame good = Packets.packet(Ipv4.UDP, 1, 0, 0, new byte[8]);
        view.parse(good);
        assertThat(IcmpError.isPermitted(good, view)).isTrue();

        Ethernet.destination(good.buffer(), good.offset(), Ethernet.BROADCAST);
        assertThat(IcmpError.isPermitted(good, view)).isFalse();

        for (int type = 0; type < 20; type++) {
            final byte[] body = new byte[8];
            body[0] = (byte) type;
            final Frame icmp = Packets.packet(Ipv4.ICMP, 1, 0, 0, body);
            view.parse(icmp);
            assertThat(IcmpError.isPermitted(icmp, view)).isEqualTo(!Icmp.isError(type) && type < 19);
        }

        final Frame later = Packets.packet(Ipv4.UDP, 1, 3, 0, new byte[8]);
        view.parse(later);
        assertThat(IcmpError.isPermitted(later, view)).isFalse();

        for (final int source : new int[] {0, 0x7F000001, 0xE0000001, -1}) {
            final Frame strange = Packets.packet(Ipv4.UDP, 1, 0, 0, new byte[8]);
            final int ip = strange.offset() + Ethernet.LENGTH;
            Ipv4.source(strange.buffer(), ip, source);
            Ipv4.writeChecksum(strange.buffer(), ip);
            view.parse(strange);
            assertThat(IcmpError.isPermitted(strange, view)).isFalse();
        }
    }

    @Test
    void shouldTellTheClientInsideATunnelPacketWhatARouterTold() {
        final byte[] inner = Packets.bytes(Packets.packet(Ipv4.TCP, 5, 0, 0, segment(Tcp.ACK, 1, 1, 0)));
        final byte[] outer =
                Packets.bytes(Packets.packet(Ipv4.IPIP, 1, 0, 0, Arrays.copyOfRange(inner, 14, inner.length)));
        final byte[] body = new byte[8 + outer.length - 14];
        body[0] = Icmp.UNREACHABLE;
        body[1] = Icmp.CODE_FRAGMENTATION_NEEDED;
        System.arraycopy(outer, 14, body, 8, outer.length - 14);
        final Frame error = Packets.packet(Ipv4.ICMP, 1, 0, 0, body);
        view.parse(error);
        final EmbeddedHeader quoted = view.parseEmbedded();
        assertThat(quoted.unwrapTunnel()).isTrue();

        final Frame relayed = Objects.requireNonNull(IcmpError.relay(
                sink, error, quoted, Icmp.UNREACHABLE, Icmp.CODE_FRAGMENTATION_NEEDED, 1380, Packets.VIP, 3));

        assertThat(view.parse(relayed)).isEqualTo(PacketView.OK);
        assertThat(view.source()).isEqualTo(Packets.VIP);
        assertThat(view.destination()).isEqualTo(Packets.CLIENT);
        assertThat(view.isIcmpChecksumValid()).isTrue();
        assertThat(Icmp.rest(relayed.buffer(), view.transportOffset())).isEqualTo(1380);
        final byte[] quote = new byte[view.payloadLength()];
        relayed.buffer().getBytes(view.payloadOffset(), quote);
        assertThat(quote).isEqualTo(Arrays.copyOfRange(inner, 14, inner.length));
    }

    @Test
    void shouldAnswerAndAnnounceByArp() {
        final Frame request = Objects.requireNonNull(ArpMessage.request(sink, 3, ASKER, 1, 2));
        assertThat(view.parse(request)).isEqualTo(PacketView.OK);
        expect(request, Ethernet.BROADCAST, Arp.REQUEST, ASKER, 1, 0, 2);

        final Frame reply = Objects.requireNonNull(ArpMessage.reply(sink, request, OURS));
        expect(reply, ASKER, Arp.REPLY, OURS, 2, ASKER, 1);

        final Frame probe = Objects.requireNonNull(ArpMessage.probe(sink, 3, OURS, 2, 1, ASKER));
        expect(probe, ASKER, Arp.REQUEST, OURS, 2, 0, 1);

        final Frame announced = Objects.requireNonNull(ArpMessage.gratuitousRequest(sink, 3, OURS, 2));
        expect(announced, Ethernet.BROADCAST, Arp.REQUEST, OURS, 2, 0, 2);

        final Frame unasked = Objects.requireNonNull(ArpMessage.gratuitousReply(sink, 3, OURS, 2));
        expect(unasked, Ethernet.BROADCAST, Arp.REPLY, OURS, 2, Ethernet.BROADCAST, 2);
    }

    private static void expect(
            final Frame frame,
            final long destination,
            final int operation,
            final long senderHardware,
            final int sender,
            final long targetHardware,
            final int target) {
        final UnsafeBuffer buffer = frame.buffer();
        final int arp = frame.offset() + Ethernet.LENGTH;
        assertThat(Ethernet.destination(buffer, frame.offset())).isEqualTo(destination);
        assertThat(Ethernet.source(buffer, frame.offset())).isEqualTo(senderHardware);
        assertThat(Arp.operation(buffer, arp)).isEqualTo(operation);
        assertThat(Arp.senderHardware(buffer, arp)).isEqualTo(senderHardware);
        assertThat(Arp.sender(buffer, arp)).isEqualTo(sender);
        assertThat(Arp.targetHardware(buffer, arp)).isEqualTo(targetHardware);
        assertThat(Arp.target(buffer, arp)).isEqualTo(target);
        assertThat(frame.port()).isEqualTo(3);
    }

    @Test
    void shouldGiveNothingWhenTheSinkHasNothing() {
        sink.allocations(0);
        final Frame cause = Packets.packet(Ipv4.TCP, 1, 0, 0, segment(Tcp.ACK, 1, 1, 0));
        view.parse(cause);
        assertThat(TcpReset.build(sink, cause, view)).isNull();
        assertThat(EchoReply.build(sink, cause, view, 1)).isNull();
        assertThat(IcmpError.portUnreachable(sink, cause, view, 1, 1)).isNull();
        assertThat(ArpMessage.request(sink, 0, 1, 1, 1)).isNull();
    }
}
