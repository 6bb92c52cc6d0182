// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class PacketViewTest {
    private static final String SYN = "4500003c123440004006141d0a0100070a000064"
            + "80e80050000003e800000000a002ffff8c300000020405b40402080a001122330000000001030307";

    private final PacketView view = new PacketView();

    private void expect(final Frame frame, final DropReason reason) {
        assertThat(view.parse(frame)).isEqualTo(reason.id());
    }

    private static Frame syn() {
        return Packets.ipv4(SYN);
    }

    private static UnsafeBuffer ip(final Frame frame) {
        return new UnsafeBuffer(frame.buffer(), frame.offset() + Ethernet.LENGTH, frame.length() - Ethernet.LENGTH);
    }

    @Test
    void shouldReadEveryHeaderOfASegment() {
        final Frame frame = syn();
        assertThat(view.parse(frame)).isEqualTo(PacketView.OK);
        assertThat(view.etherType()).isEqualTo(Ethernet.TYPE_IPV4);
        assertThat(view.isArp()).isFalse();
        assertThat(view.ipOffset()).isEqualTo(frame.offset() + 14);
        assertThat(view.ipHeaderLength()).isEqualTo(20);
        assertThat(view.totalLength()).isEqualTo(60);
        assertThat(view.largestPacketLength()).isEqualTo(60);
        assertThat(view.id()).isEqualTo(0x1234);
        assertThat(view.dontFragment()).isTrue();
        assertThat(view.moreFragments()).isFalse();
        assertThat(view.isFragment()).isFalse();
        assertThat(view.ttl()).isEqualTo(64);
        assertThat(view.protocol()).isEqualTo(Ipv4.TCP);
        assertThat(view.source()).isEqualTo(0x0A010007);
        assertThat(view.destination()).isEqualTo(0x0A000064);
        assertThat(view.sourcePort()).isEqualTo(0x80E8);
        assertThat(view.destinationPort()).isEqualTo(80);
        assertThat(view.tcpFlags()).isEqualTo(Tcp.SYN);
        assertThat(view.transportLength()).isEqualTo(40);
        assertThat(view.payloadOffset()).isEqualTo(view.transportOffset() + 40);
        assertThat(view.payloadLength()).isZero();
    }

    @Test
    void shouldLeaveEthernetPaddingOut() {
        final byte[] packet = Arrays.copyOf(HexFormat.of().parseHex(SYN), 66);
        assertThat(view.parse(Packets.ipv4(packet))).isEqualTo(PacketView.OK);
        assertThat(view.payloadLength()).isZero();
    }

    @Test
    void shouldNameWhatIsWrongWithAFrame() {
        final Frame oversized = syn();
        oversized.wireLength(5000);
        expect(oversized, DropReason.OVERSIZED);

        for (int length = 0; length < 14 + 60; length++) {
            final Frame cut = syn();
            cut.length(length);
            expect(cut, DropReason.TRUNCATED);
        }

        final Frame tagged = syn();
        tagged.vlanTci(0x2005);
        expect(tagged, DropReason.VLAN);
        tagged.vlanTci(0xE000);
        assertThat(view.parse(tagged)).isEqualTo(PacketView.OK);
        for (final int type : new int[] {Ethernet.TYPE_VLAN, Ethernet.TYPE_SERVICE_VLAN}) {
            final Frame inBand = syn();
            Ethernet.type(inBand.buffer(), inBand.offset(), type);
            expect(inBand, DropReason.VLAN);
        }

        final Frame ipv6 = syn();
        Ethernet.type(ipv6.buffer(), ipv6.offset(), Ethernet.TYPE_IPV6);
        expect(ipv6, DropReason.NOT_IPV4);
        assertThat(view.etherType()).isEqualTo(Ethernet.TYPE_IPV6);

        final Frame version = syn();
        ip(version).putByte(0, (byte) 0x55);
        expect(version, DropReason.BAD_IP_HEADER);

        final Frame headerLength = syn();
        ip(headerLength).putByte(0, (byte) 0x44);
        expect(headerLength, DropReason.BAD_IP_HEADER);

        final Frame checksum = syn();
        Ipv4.id(ip(checksum), 0, 7);
        expect(checksum, DropReason.BAD_IP_CHECKSUM);

        final Frame tooShort = syn();
        Ipv4.totalLength(ip(tooShort), 0, 19);
        Ipv4.writeChecksum(ip(tooShort), 0);
        expect(tooShort, DropReason.BAD_LENGTH);

        final Frame tooLong = syn();
        Ipv4.totalLength(ip(tooLong), 0, 61);
        Ipv4.writeChecksum(ip(tooLong), 0);
        expect(tooLong, DropReason.TRUNCATED);
    }

    @Test
    void shouldDemandWholeTransportHeaders() {
        final int[][] protocols = {{Ipv4.TCP, 20}, {Ipv4.UDP, 8}, {Ipv4.ICMP, 8}, {Ipv4.SCTP, 12}};
        for (final int[] protocol : protocols) {
            expect(Packets.packet(protocol[0], 1, 0, 0, new byte[protocol[1] - 1]), DropReason.BAD_TRANSPORT_HEADER);
            assertThat(view.parse(Packets.packet(protocol[0], 1, 0, 0, new byte[protocol[1]])))
                    .isEqualTo(PacketView.OK);
            // a fragment may be shorter than a header
            assertThat(view.parse(Packets.packet(protocol[0], 1, Ipv4.MORE_FRAGMENTS, 0, new byte[8])))
                    .isEqualTo(PacketView.OK);
        }
        assertThat(view.parse(Packets.packet(47, 1, 0, 0, new byte[0]))).isEqualTo(PacketView.OK);
    }

    @Test
    void shouldSeeNoPayloadBehindANonsensicalTcpHeaderLength() {
        for (final int claimed : new int[] {0, 4, 16, 44, 60}) {
            final Frame frame = syn();
            Tcp.headerLength(ip(frame), 20, claimed);
            assertThat(view.parse(frame)).isEqualTo(PacketView.OK);
            assertThat(view.payloadLength()).isZero();
        }
    }

    @Test
    void shouldTellRightTransportChecksumsFromWrongOnes() {
        final Frame frame = syn();
        view.parse(frame);
        assertThat(view.isTransportChecksumValid()).isTrue();
        Tcp.checksum(ip(frame), 20, Tcp.checksum(ip(frame), 20) + 1);
        view.parse(frame);
        assertThat(view.isTransportChecksumValid()).isFalse();
        frame.offload(true, 34, Tcp.CHECKSUM_OFFSET, Frame.GSO_NONE, 0, 0);
        view.parse(frame);
        assertThat(view.isTransportChecksumValid()).isTrue();

        final Frame udp = Packets.packet(Ipv4.UDP, 1, 0, 0, new byte[] {0, 1, 0, 2, 0, 8, 0, 0});
        view.parse(udp);
        assertThat(view.isTransportChecksumValid()).isTrue();
        Udp.checksum(ip(udp), 20, 1);
        view.parse(udp);
        assertThat(view.isTransportChecksumValid()).isFalse();
    }

    @Test
    void shouldTellFragmentsApart() {
        view.parse(Packets.packet(Ipv4.UDP, 1, Ipv4.MORE_FRAGMENTS, 0, new byte[16]));
        assertThat(view.isFragment()).isTrue();
        assertThat(view.isFirstFragment()).isTrue();
        view.parse(Packets.packet(Ipv4.UDP, 1, 2, 0, new byte[16]));
        assertThat(view.isFragment()).isTrue();
        assertThat(view.isFirstFragment()).isFalse();
        assertThat(view.fragmentOffset()).isEqualTo(16);
        assertThat(view.moreFragments()).isFalse();
    }

    @Test
    void shouldForgetTheFrameBefore() {
        view.parse(syn());
        expect(new Frame().wrap(new byte[0], 0, 0, 0), DropReason.TRUNCATED);
        assertThat(view.source()).isZero();
        assertThat(view.protocol()).isZero();
        assertThat(view.tcpFlags()).isZero();
        assertThat(view.etherType()).isZero();
        assertThat(view.parseEmbedded().isUsable()).isFalse();
    }

    @Test
    void shouldAcceptOnlyArpForIpv4OverEthernet() {
        final byte[] bytes = new byte[14 + 28];
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        Ethernet.type(buffer, 0, Ethernet.TYPE_ARP);
        Arp.write(buffer, 14, Arp.REQUEST, 0x0200_0000_0001L, 1, 0, 2);
        assertThat(view.parse(new Frame().wrap(bytes, 0, bytes.length, 0))).isEqualTo(PacketView.OK);
        assertThat(view.isArp()).isTrue();
        assertThat(Arp.senderHardware(buffer, 14)).isEqualTo(0x0200_0000_0001L);
        assertThat(Arp.sender(buffer, 14)).isEqualTo(1);
        assertThat(Arp.target(buffer, 14)).isEqualTo(2);

        expect(new Frame().wrap(bytes, 0, bytes.length - 1, 0), DropReason.BAD_ARP);
        bytes[14 + 5] = 16;
        expect(new Frame().wrap(bytes, 0, bytes.length, 0), DropReason.BAD_ARP);
    }

    @Test
    void shouldReadWhatAnErrorQuotes() {
        // fragmentation needed about VIP:80 > client:59392
        view.parse(Packets.ipv4("45000038004300004001031d0a0163010a000064030472c700000514"
                + "4500002800310000320674340a0000640a010007005080e8000003e8"));
        assertThat(view.isIcmpError()).isTrue();
        assertThat(view.isIcmpChecksumValid()).isTrue();
        final EmbeddedHeader quoted = view.parseEmbedded();
        assertThat(quoted.isUsable()).isTrue();
        assertThat(quoted.hasPorts()).isTrue();
        assertThat(quoted.protocol()).isEqualTo(Ipv4.TCP);
        assertThat(quoted.source()).isEqualTo(Packets.VIP);
        assertThat(quoted.destination()).isEqualTo(Packets.CLIENT);
        assertThat(quoted.sourcePort()).isEqualTo(80);
        assertThat(quoted.destinationPort()).isEqualTo(0x80E8);
        assertThat(quoted.unwrapTunnel()).isFalse();
        assertThat(quoted.source()).isEqualTo(Packets.VIP);
    }

    @Test
    void shouldNotReadQuotesThatAreCutOffOrLaterFragments() {
        final byte[] quoted = Packets.bytes(Packets.packet(Ipv4.UDP, 1, 0, 0, new byte[8]));
        for (int length = 0; length <= 28; length++) {
            final byte[] body = new byte[8 + length];
            body[0] = Icmp.TIME_EXCEEDED;
            System.arraycopy(quoted, 14, body, 8, length);
            view.parse(Packets.packet(Ipv4.ICMP, 1, 0, 0, body));
            assertThat(view.parseEmbedded().isUsable()).isEqualTo(length >= 20);
            assertThat(view.parseEmbedded().hasPorts()).isEqualTo(length >= 24);
        }
        final byte[] later = Packets.bytes(Packets.packet(Ipv4.UDP, 1, 5, 0, new byte[8]));
        final byte[] body = new byte[8 + 28];
        body[0] = Icmp.TIME_EXCEEDED;
        System.arraycopy(later, 14, body, 8, 28);
        view.parse(Packets.packet(Ipv4.ICMP, 1, 0, 0, body));
        assertThat(view.parseEmbedded().hasPorts()).isFalse();
        assertThat(view.parseEmbedded().fragmentOffset()).isEqualTo(40);
    }

    @Test
    void shouldUnwrapAQuotedTunnelPacket() {
        final byte[] inner = Packets.bytes(Packets.packet(Ipv4.UDP, 9, 0, 0, new byte[] {4, 0, 0, 53, 0, 8, 0, 0}));
        final byte[] outer =
                Packets.bytes(Packets.packet(Ipv4.IPIP, 1, 0, 0, Arrays.copyOfRange(inner, 14, inner.length)));
        final byte[] body = new byte[8 + outer.length - 14];
        body[0] = Icmp.UNREACHABLE;
        body[1] = Icmp.CODE_FRAGMENTATION_NEEDED;
        System.arraycopy(outer, 14, body, 8, outer.length - 14);
        view.parse(Packets.packet(Ipv4.ICMP, 1, 0, 0, body));

        final EmbeddedHeader quoted = view.parseEmbedded();
        assertThat(quoted.protocol()).isEqualTo(Ipv4.IPIP);
        assertThat(quoted.unwrapTunnel()).isTrue();
        assertThat(quoted.sourcePort()).isEqualTo(1024);
        assertThat(quoted.destinationPort()).isEqualTo(53);
        assertThat(quoted.offset()).isEqualTo(view.payloadOffset() + 20);
    }

    @Test
    void shouldGiveEveryReasonANumberALabelAndASentenceOfItsOwn() {
        final Set<Integer> ids = new HashSet<>();
        final Set<String> labels = new HashSet<>();
        for (final DropReason reason : DropReason.values()) {
            assertThat(ids.add(reason.id())).isTrue();
            assertThat(labels.add(reason.label())).isTrue();
            assertThat(reason.id()).isBetween(1, DropReason.maxId());
            assertThat(reason.label()).matches("[a-z0-9]+(-[a-z0-9]+)*");
            assertThat(reason.explanation()).endsWith(".").hasSizeGreaterThan(20);
            assertThat(DropReason.of(reason.id())).isSameAs(reason);
        }
        assertThatThrownBy(() -> DropReason.of(0)).hasMessageContaining("0");
        assertThatThrownBy(() -> DropReason.of(64)).hasMessageContaining("64");
    }
}
