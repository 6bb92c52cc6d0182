// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.nat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.ulvs.testkit.Addresses;
import org.ulvs.testkit.Allocations;
import org.ulvs.testkit.Frames;
import org.ulvs.testkit.PacketBuilder;
import org.ulvs.testkit.PacketSummary;
import org.ulvs.wire.Ethernet;
import org.ulvs.wire.Frame;
import org.ulvs.wire.PacketView;
import org.ulvs.wire.Tcp;
import org.ulvs.wire.Udp;
import org.ulvs.wire.offload.ChecksumOffload;

class MasqueradeTest {
    private static final int SERVER = Addresses.ip("10.0.2.1");
    private static final String CLIENT = "10.1.0.7";
    private static final String VIP = "10.0.0.100";

    private final PacketView view = new PacketView();

    @Test
    void shouldKeepChecksumsRightForAnyAddressPortAndPayload() {
        final SplittableRandom random = new SplittableRandom(20);
        for (int i = 0; i < 20_000; i++) {
            final PacketBuilder builder = (i & 1) == 0
                    ? PacketBuilder.tcp(random.nextInt(0x10000), random.nextInt(0x10000), Tcp.ACK)
                    : PacketBuilder.udp(random.nextInt(0x10000), random.nextInt(0x10000));
            final Frame frame = builder.addresses(random.nextInt(), random.nextInt())
                    .payload(random.nextInt(40))
                    .build();
            final int address = random.nextInt(8) == 0 ? -random.nextInt(2) : random.nextInt();
            final int port = random.nextInt(8) == 0 ? 0xFFFF * random.nextInt(2) : random.nextInt(0x10000);
            assertThat(view.parse(frame)).isEqualTo(PacketView.OK);

            if ((i & 2) == 0) {
                Masquerade.rewriteDestination(frame, view, address, port);
            } else {
                Masquerade.rewriteSource(frame, view, address, port);
            }

            assertThat(view.parse(frame)).isEqualTo(PacketView.OK);
            assertThat((i & 2) == 0 ? view.destination() : view.source()).isEqualTo(address);
            assertThat((i & 2) == 0 ? view.destinationPort() : view.sourcePort())
                    .isEqualTo(port);
            assertThat(PacketSummary.checksumState(frame, view)).isEqualTo("right");
        }
    }

    @Test
    void shouldRewriteBothSidesAfterOneParse() {
        final Frame frame = PacketBuilder.udp(40000, 53).payload(9).build();
        view.parse(frame);

        Masquerade.rewriteDestination(frame, view, SERVER, 5353);
        Masquerade.rewriteSource(frame, view, Addresses.ip("10.0.2.254"), 1024);

        assertThat(Frames.toHex(Frames.bytes(frame)))
                .isEqualTo(Frames.toHex(Frames.bytes(PacketBuilder.udp(1024, 5353)
                        .addresses("10.0.2.254", "10.0.2.1")
                        .payload(9)
                        .build())));
    }

    @Test
    void shouldLeaveAWrongChecksumWrongByTheSameDifference() {
        final Frame wrong =
                PacketBuilder.tcp(1024, 80, Tcp.ACK).wrongChecksum(77).build();
        final Frame right = PacketBuilder.tcp(1024, 80, Tcp.ACK).build();
        view.parse(wrong);
        Masquerade.rewriteDestination(wrong, view, SERVER, 8080);
        view.parse(right);
        Masquerade.rewriteDestination(right, view, SERVER, 8080);

        final int tcp = view.transportOffset();
        final int difference = Tcp.checksum(wrong.buffer(), tcp) - Tcp.checksum(right.buffer(), tcp);
        assertThat(difference & 0xFFFF).isEqualTo(77);
    }

    @Test
    void shouldComputeAChecksumForUdpThatHasNone() {
        final Frame frame =
                PacketBuilder.udp(40000, 53).payload(21).noChecksum().padding(5).build();
        view.parse(frame);

        Masquerade.rewriteDestination(frame, view, SERVER, 53);

        view.parse(frame);
        assertThat(PacketSummary.checksumState(frame, view)).isEqualTo("right");
    }

    @Test
    void shouldWriteFfffForAUdpChecksumThatComesOutAsZero() {
        int seen = 0;
        for (int i = 0; i < 0x10000; i++) {
            final Frame frame = PacketBuilder.udp(40000, 53).payload(2).build();
            view.parse(frame);
            Masquerade.rewriteDestination(frame, view, Addresses.ip("10.0.2.1"), i);
            final int checksum = Udp.checksum(frame.buffer(), view.transportOffset());
            assertThat(checksum).isNotZero();
            seen += checksum == 0xFFFF ? 1 : 0;
        }
        assertThat(seen).isPositive();
    }

    @Test
    void shouldKeepAnUnfinishedChecksumUnfinishedAndFinishable() {
        for (final boolean tcp : new boolean[] {true, false}) {
            final PacketBuilder builder = tcp ? PacketBuilder.tcp(1024, 80, Tcp.ACK) : PacketBuilder.udp(1024, 80);
            final Frame frame = builder.payload(1001).partialChecksum().build();
            view.parse(frame);
            assertThat(view.isChecksumPartial()).isTrue();

            Masquerade.rewriteDestination(frame, view, SERVER, 8080);
            Masquerade.rewriteSource(frame, view, Addresses.ip("192.0.2.1"), 9);

            assertThat(PacketSummary.checksumState(frame, view)).isEqualTo("partial");
            assertThat(frame.checksumPartial()).isTrue();
            ChecksumOffload.finish(frame);
            view.parse(frame);
            assertThat(PacketSummary.checksumState(frame, view)).isEqualTo("right");
        }
    }

    @Test
    void shouldKeepTheFactsOfASuperFrame() {
        final Frame frame = PacketBuilder.tcp(1024, 80, Tcp.ACK)
                .payload(60_000)
                .gso(Frame.GSO_TCPV4, 1448)
                .build();
        view.parse(frame);
        assertThat(view.largestPacketLength()).isEqualTo(20 + 20 + 1448);

        Masquerade.rewriteDestination(frame, view, SERVER, 8080);

        assertThat(frame.gsoType()).isEqualTo(Frame.GSO_TCPV4);
        assertThat(frame.gsoSize()).isEqualTo(1448);
        assertThat(PacketSummary.checksumState(frame, view)).isEqualTo("partial");
    }

    @Test
    void shouldTreatAnUnfinishedInnerChecksumAsNoneOfTheOuterHeaders() {
        final Frame frame = PacketBuilder.udp(1024, 4789).payload(100).build();
        frame.offload(true, Ethernet.LENGTH + 20 + 8 + 50, 6, 0, 0, 0);
        view.parse(frame);
        assertThat(view.isChecksumPartial()).isFalse();

        Masquerade.rewriteDestination(frame, view, SERVER, 4789);

        assertThat(PacketSummary.checksumState(frame, view)).isEqualTo("right");
    }

    @Test
    void shouldComputeTheCrcOfSctpWhenThePortChanges() {
        final Frame frame = PacketBuilder.sctp(1024, 80, 7).payload(33).build();
        view.parse(frame);
        Masquerade.rewriteDestination(frame, view, SERVER, 8080);
        assertThat(PacketSummary.checksumState(frame, view)).isEqualTo("right");

        final Frame wrong =
                PacketBuilder.sctp(1024, 80, 7).payload(33).wrongChecksum(1).build();
        view.parse(wrong);
        Masquerade.rewriteDestination(wrong, view, SERVER, 80);
        assertThat(PacketSummary.checksumState(wrong, view)).isEqualTo("wrong");
    }

    @Test
    void shouldTouchOnlyTheAddressOfALaterFragment() {
        final PacketBuilder builder = PacketBuilder.udp(1024, 53).payload(64);
        final Frame frame = builder.buildFragment(16, 24);
        view.parse(frame);

        Masquerade.rewriteDestination(frame, view, SERVER, 99);

        final byte[] payload = new byte[24];
        frame.buffer().getBytes(view.transportOffset(), payload);
        final byte[] before = new byte[24];
        PacketBuilder.udp(1024, 53).payload(64).buildFragment(16, 24).buffer().getBytes(view.transportOffset(), before);
        assertThat(payload).isEqualTo(before);
        assertThat(view.parse(frame)).isEqualTo(PacketView.OK);
        assertThat(view.destination()).isEqualTo(Addresses.ip("10.0.2.1"));
    }

    @Test
    void shouldRewriteOnlyTheAddressOfProtocolsWithoutPorts() {
        final Frame frame =
                PacketBuilder.ip(47).addresses(CLIENT, VIP).payload(16).build();
        view.parse(frame);

        Masquerade.rewriteDestination(frame, view, SERVER, 99);

        assertThat(Frames.toHex(Frames.bytes(frame)))
                .isEqualTo(Frames.toHex(Frames.bytes(PacketBuilder.ip(47)
                        .addresses(CLIENT, "10.0.2.1")
                        .payload(16)
                        .build())));
    }

    @Test
    void shouldNotAllocate() {
        final Frame tcp = PacketBuilder.tcp(1024, 80, Tcp.ACK).payload(100).build();
        final Frame udp = PacketBuilder.udp(1024, 80).payload(100).build();
        final UnsafeBuffer buffer = udp.buffer();
        final long bytes = Allocations.of(20_000, 100_000, () -> {
            view.parse(tcp);
            Masquerade.rewriteDestination(tcp, view, SERVER, 80);
            Masquerade.rewriteSource(tcp, view, SERVER, 80);
            view.parse(udp);
            Udp.checksum(buffer, view.transportOffset(), 0);
            Masquerade.rewriteDestination(udp, view, SERVER, 80);
        });
        assertThat(bytes).isLessThan(100_000);
    }
}
