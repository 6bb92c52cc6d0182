// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.dr;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ulvs.testkit.Addresses;
import org.ulvs.testkit.Frames;
import org.ulvs.testkit.PacketBuilder;
import org.ulvs.testkit.PacketSummary;
import org.ulvs.wire.DropReason;
import org.ulvs.wire.Ethernet;
import org.ulvs.wire.Frame;
import org.ulvs.wire.Ipv4;
import org.ulvs.wire.PacketView;
import org.ulvs.wire.Tcp;
import org.ulvs.wire.offload.ChecksumOffload;

class IpipTunnelTest {
    private static final int DIRECTOR = Addresses.ip("10.0.2.254");
    private static final int SERVER = Addresses.ip("10.0.2.1");

    private final PacketView view = new PacketView();

    @ParameterizedTest
    @CsvSource({"0x00, 0x00", "0xb8, 0xb8", "0x01, 0x01", "0x02, 0x02", "0x03, 0x02", "0xbb, 0xba"})
    void shouldCopyTheTypeOfServiceByTheEcnRule(final String inner, final String outer) {
        final Frame frame = PacketBuilder.udp(1, 2).tos(Integer.decode(inner)).build();

        IpipTunnel.encapsulate(frame, DIRECTOR, SERVER, 1, true);

        view.parse(frame);
        assertThat(view.tos()).isEqualTo(Integer.decode(outer));
        assertThat(Ipv4.tos(frame.buffer(), view.transportOffset())).isEqualTo(Integer.decode(inner));
    }

    @Test
    void shouldForbidFragmentsOnlyWithPathMtuDiscovery() {
        final Frame with = PacketBuilder.udp(1, 2).dontFragment().build();
        IpipTunnel.encapsulate(with, DIRECTOR, SERVER, 77, true);
        view.parse(with);
        assertThat(view.dontFragment()).isTrue();
        assertThat(view.id()).isZero();

        final Frame without = PacketBuilder.udp(1, 2).dontFragment().build();
        IpipTunnel.encapsulate(without, DIRECTOR, SERVER, 77, false);
        view.parse(without);
        assertThat(view.dontFragment()).isFalse();
        assertThat(view.id()).isEqualTo(77);
    }

    @Test
    void shouldCarryAnUnfinishedChecksumAlong() {
        final Frame frame =
                PacketBuilder.tcp(1, 2, Tcp.ACK).payload(101).partialChecksum().build();
        IpipTunnel.encapsulate(frame, DIRECTOR, SERVER, 1, true);
        assertThat(frame.checksumStart()).isEqualTo(Ethernet.LENGTH + 20 + 20);

        ChecksumOffload.finish(frame);

        final byte[] inner = new byte[frame.length() - 20];
        frame.buffer().getBytes(frame.offset() + 20, inner);
        final Frame decapsulated = Frames.of(inner);
        Ethernet.type(decapsulated.buffer(), decapsulated.offset(), Ethernet.TYPE_IPV4);
        assertThat(view.parse(decapsulated)).isEqualTo(PacketView.OK);
        assertThat(PacketSummary.checksumState(decapsulated, view)).isEqualTo("right");
    }

    @Test
    void shouldLeaveEthernetPaddingOut() {
        final Frame frame = PacketBuilder.udp(1, 2).padding(18).build();
        IpipTunnel.encapsulate(frame, DIRECTOR, SERVER, 1, true);
        assertThat(frame.length()).isEqualTo(Ethernet.LENGTH + 20 + 28);
    }

    @Test
    void shouldRefuseASuperFrameAndAFrameWithoutHeadroom() {
        final Frame large = PacketBuilder.tcp(1, 2, Tcp.ACK)
                .payload(5000)
                .gso(Frame.GSO_TCPV4, 1448)
                .build();
        assertThat(IpipTunnel.encapsulate(large, DIRECTOR, SERVER, 1, true)).isEqualTo(DropReason.CANNOT_SEGMENT.id());

        final byte[] bytes = Frames.bytes(PacketBuilder.udp(1, 2).build());
        assertThat(IpipTunnel.encapsulate(Frames.exact(bytes), DIRECTOR, SERVER, 1, true))
                .isEqualTo(DropReason.TOO_LARGE.id());
    }
}
