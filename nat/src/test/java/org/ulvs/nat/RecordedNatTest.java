// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.nat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ulvs.testkit.Addresses;
import org.ulvs.testkit.NoDroppedFragments;
import org.ulvs.testkit.PacketRecording;
import org.ulvs.testkit.PacketRecording.Exchange;
import org.ulvs.testkit.PacketRecording.RecordedFrame;
import org.ulvs.testkit.PacketSummary;
import org.ulvs.testkit.RecordingSink;
import org.ulvs.wire.DropReason;
import org.ulvs.wire.EmbeddedHeader;
import org.ulvs.wire.Ethernet;
import org.ulvs.wire.Frame;
import org.ulvs.wire.IpOptions;
import org.ulvs.wire.Ipv4;
import org.ulvs.wire.PacketView;
import org.ulvs.wire.fragments.FragmentQueue;

/** Rewriting compared byte by byte with frames that a kernel director rewrote. */
class RecordedNatTest {
    private static final int VIP = Addresses.ip("10.0.0.100");
    private static final int SERVER = Addresses.ip("10.0.2.1");
    private static final String CLIENT_SIDE = "c0";

    private final PacketView view = new PacketView();

    @ParameterizedTest
    @ValueSource(strings = {"nat-tcp-80-80", "nat-tcp-bad-checksums"})
    void shouldRewriteTcpAsTheKernelDoes(final String name) {
        int forwarded = 0;
        for (final Exchange exchange :
                PacketRecording.load(getClass(), "/oracle/" + name + ".json").exchanges()) {
            final Frame frame = exchange.in().frame();
            final int result = view.parse(frame);
            if (exchange.out().isEmpty()) {
                assertThat(result).as(exchange.note()).isNotEqualTo(PacketView.OK);
                continue;
            }
            assertThat(result).as(exchange.note()).isEqualTo(PacketView.OK);
            forward(exchange, frame, 80, 80);
            forwarded++;
        }
        assertThat(forwarded).isGreaterThan(5);
    }

    @Test
    void shouldNameWhatIsWrongWithRefusedFrames() {
        final PacketRecording recording = PacketRecording.load(getClass(), "/oracle/nat-tcp-bad-checksums.json");

        assertThat(view.parse(recording.exchange("ACK, wrong IP header").in().frame()))
                .isEqualTo(DropReason.BAD_IP_CHECKSUM.id());
        assertThat(view.parse(recording.exchange("TCP header cut").in().frame()))
                .isEqualTo(DropReason.BAD_TRANSPORT_HEADER.id());
    }

    @Test
    void shouldTranslateIcmpErrorsAsTheKernelDoes() {
        final PacketRecording recording = PacketRecording.load(getClass(), "/oracle/nat-icmp-udp.json");
        int translated = 0;
        for (final Exchange exchange : recording.exchanges()) {
            final Frame frame = exchange.in().frame();
            assertThat(view.parse(frame)).isEqualTo(PacketView.OK);
            if (!view.isIcmpError()) {
                forward(exchange, frame, 53, 5353);
                continue;
            }
            final EmbeddedHeader embedded = view.parseEmbedded();
            assertThat(embedded.isUsable()).isTrue();
            final boolean fromClientSide = exchange.in().device().equals(CLIENT_SIDE);
            final boolean known = fromClientSide
                    ? embedded.source() == VIP && embedded.destinationPort() == 40000
                    : embedded.destination() == SERVER && embedded.sourcePort() == 40000;
            if (!known) {
                assertThat(exchange.out()).isEmpty();
                continue;
            }
            final int result = fromClientSide
                    ? IcmpTranslation.toServer(frame, view, embedded, SERVER, 5353)
                    : IcmpTranslation.toClient(frame, view, embedded, VIP, 53);
            if (exchange.out().isEmpty()) {
                assertThat(result).as(exchange.note()).isEqualTo(DropReason.BAD_ICMP_CHECKSUM.id());
                assertThat(exchange.in().hex()).isEqualTo(exchange.in().comparable(frame));
                continue;
            }
            assertThat(result).as(exchange.note()).isEqualTo(PacketView.OK);
            leave(exchange, frame);
            translated++;
        }
        assertThat(translated).isEqualTo(8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nat-udp-fragments-in-order", "nat-udp-fragments-small"})
    void shouldForwardFragmentsInTheirOriginalSizes(final String name) {
        final FragmentQueue queue = new FragmentQueue(4, 64, 1_000, 1, new NoDroppedFragments());
        for (final Exchange exchange :
                PacketRecording.load(getClass(), "/oracle/" + name + ".json").exchanges()) {
            final int fragments = exchange.input().size();
            for (int i = 0; i < fragments; i++) {
                final Frame frame = exchange.input().get(i).frame();
                assertThat(view.parse(frame)).isEqualTo(PacketView.OK);
                assertThat(view.isFragment()).isTrue();
                assertThat(queue.offer(frame, view, i))
                        .isEqualTo(i + 1 == fragments ? FragmentQueue.COMPLETE : FragmentQueue.HELD);
            }
            final Frame datagram = queue.datagram();
            assertThat(view.parse(datagram)).isEqualTo(PacketView.OK);
            final boolean fromClient = exchange.in().device().equals(CLIENT_SIDE);
            Ipv4.decrementTtl(datagram.buffer(), view.ipOffset());
            if (fromClient) {
                Masquerade.rewriteDestination(datagram, view, SERVER, 53);
            } else {
                Masquerade.rewriteSource(datagram, view, VIP, 53);
            }
            readdress(exchange.out().get(0), datagram);
            final RecordingSink sink = new RecordingSink();
            assertThat(queue.sendFragments(sink, 1, 1500)).isEqualTo(PacketView.OK);

            assertThat(sink.sent()).hasSameSizeAs(exchange.out());
            for (int i = 0; i < exchange.out().size(); i++) {
                final RecordedFrame expected = exchange.out().get(i);
                assertThat(expected.comparable(sink.sent().get(i))).isEqualTo(expected.hex());
            }
        }
    }

    private void forward(final Exchange exchange, final Frame frame, final int virtualPort, final int serverPort) {
        if (view.ipHeaderLength() > Ipv4.MIN_LENGTH) {
            assertThat(IpOptions.process(frame, view, view.destination(), 0)).isEqualTo(PacketView.OK);
        }
        if (exchange.in().device().equals(CLIENT_SIDE)) {
            Masquerade.rewriteDestination(frame, view, SERVER, serverPort);
        } else {
            Masquerade.rewriteSource(frame, view, VIP, virtualPort);
        }
        leave(exchange, frame);
    }

    private void leave(final Exchange exchange, final Frame frame) {
        Ipv4.decrementTtl(frame.buffer(), view.ipOffset());
        frame.length(Ethernet.LENGTH + view.totalLength());
        final RecordedFrame expected = exchange.out().get(0);
        readdress(expected, frame);
        assertThat(expected.comparable(frame))
                .as(exchange.note() + ": " + PacketSummary.of(frame))
                .isEqualTo(expected.hex());
    }

    private static void readdress(final RecordedFrame expected, final Frame frame) {
        Ethernet.destination(frame.buffer(), frame.offset(), expected.destination());
        Ethernet.source(frame.buffer(), frame.offset(), expected.source());
    }
}
