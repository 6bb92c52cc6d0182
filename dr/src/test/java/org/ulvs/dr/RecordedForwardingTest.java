// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.dr;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
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
import org.ulvs.wire.Ethernet;
import org.ulvs.wire.Frame;
import org.ulvs.wire.Ipv4;
import org.ulvs.wire.PacketView;
import org.ulvs.wire.fragments.FragmentQueue;
import org.ulvs.wire.fragments.Fragmenter;
import org.ulvs.wire.reply.IcmpError;

/** Direct routing and tunnelling compared byte by byte with what a kernel director sent. */
class RecordedForwardingTest {
    private static final int VIP = Addresses.ip("10.0.0.100");
    private static final int DIRECTOR = Addresses.ip("10.0.2.254");
    private static final int SERVER = Addresses.ip("10.0.2.1");

    private final PacketView view = new PacketView();
    private final RecordingSink sink = new RecordingSink();
    private final FragmentQueue queue = new FragmentQueue(4, 64, 1_000, 1, new NoDroppedFragments());
    private final Fragmenter fragmenter = new Fragmenter();

    @ParameterizedTest
    @ValueSource(strings = {"dr", "dr-mtu", "tun-ipip", "tun-ttl"})
    void shouldSendWhatTheKernelSent(final String name) {
        final boolean tunnel = name.startsWith("tun");
        final int mtu = name.endsWith("mtu") ? 1400 : 1500;
        int compared = 0;
        for (final Exchange exchange :
                PacketRecording.load(getClass(), "/oracle/" + name + ".json").exchanges()) {
            sink.clear();
            for (final RecordedFrame input : exchange.input()) {
                final Frame frame = input.frame();
                assertThat(view.parse(frame)).isEqualTo(PacketView.OK);
                if (!view.isFragment()) {
                    forward(frame, input.device(), tunnel, mtu, false);
                } else if (queue.offer(frame, view, 0) == FragmentQueue.COMPLETE) {
                    assertThat(view.parse(queue.datagram())).isEqualTo(PacketView.OK);
                    forward(queue.datagram(), input.device(), tunnel, mtu, true);
                }
            }
            compare(exchange);
            compared += sink.sent().size();
        }
        assertThat(compared).isGreaterThanOrEqualTo(4);
    }

    /** The order of checks and changes that a director has, without tables. */
    private void forward(
            final Frame frame, final String device, final boolean tunnel, final int mtu, final boolean reassembled) {
        if (view.ttl() <= 1) {
            sink.send(required(IcmpError.timeExceeded(sink, frame, view, VIP, 1)), 0);
            return;
        }
        Ipv4.decrementTtl(frame.buffer(), view.ipOffset());
        final boolean encapsulated = tunnel && device.equals("c0");
        final int limit = encapsulated ? mtu - IpipTunnel.OVERHEAD : mtu;
        if (view.dontFragment() && view.largestPacketLength() > limit && !view.isIcmpError()) {
            sink.send(required(IcmpError.fragmentationNeeded(sink, frame, view, limit, VIP, 1)), 0);
            return;
        }
        if (encapsulated) {
            assertThat(IpipTunnel.encapsulate(frame, DIRECTOR, SERVER, 1, true)).isEqualTo(PacketView.OK);
            assertThat(view.parse(frame)).isEqualTo(PacketView.OK);
        }
        if (device.equals("c0")) {
            DirectRouting.forward(frame, Addresses.mac("02:00:00:00:02:01"), Addresses.mac("02:00:00:00:02:fe"));
        } else {
            DirectRouting.forward(frame, Addresses.mac("02:00:00:00:01:01"), Addresses.mac("02:00:00:00:01:fe"));
        }
        if (reassembled && !encapsulated) {
            assertThat(queue.sendFragments(sink, 1, mtu)).isEqualTo(PacketView.OK);
        } else if (view.totalLength() > mtu) {
            assertThat(fragmenter.fragment(frame, mtu, sink, 1)).isEqualTo(PacketView.OK);
        } else {
            sink.send(frame, 1);
        }
    }

    private void compare(final Exchange exchange) {
        final List<RecordedFrame> expected = exchange.out();
        assertThat(sink.sent().stream().map(PacketSummary::of))
                .as(exchange.note())
                .hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            final Frame sent = sink.sent().get(i);
            assertThat(expected.get(i).comparable(sent))
                    .as(exchange.note() + ": " + PacketSummary.of(sent))
                    .isEqualTo(expected.get(i).hex());
        }
    }

    private static Frame required(final @Nullable Frame frame) {
        if (frame == null) {
            throw new AssertionError("no frame");
        }
        return frame;
    }

    @Test
    void shouldRefuseATunnelPacketThatWouldBeTooLarge() {
        final byte[] memory = new byte[64 + Ethernet.LENGTH + Ipv4.MAX_TOTAL_LENGTH];
        final Frame frame = new Frame().wrap(memory, 64, memory.length - 64, 0);
        Ethernet.type(frame.buffer(), frame.offset(), Ethernet.TYPE_IPV4);
        final int ip = frame.offset() + Ethernet.LENGTH;
        Ipv4.write(frame.buffer(), ip, 0, Ipv4.MAX_TOTAL_LENGTH - 19, 1, 0, 64, Ipv4.UDP, VIP, SERVER);

        assertThat(IpipTunnel.encapsulate(frame, DIRECTOR, SERVER, 1, true)).isEqualTo(DropReason.TOO_LARGE.id());
        assertThat(frame.offset()).isEqualTo(64);

        Ipv4.write(frame.buffer(), ip, 0, Ipv4.MAX_TOTAL_LENGTH - 20, 1, 0, 64, Ipv4.UDP, VIP, SERVER);
        assertThat(IpipTunnel.encapsulate(frame, DIRECTOR, SERVER, 1, true)).isEqualTo(PacketView.OK);
        assertThat(view.parse(frame)).isEqualTo(PacketView.OK);
        assertThat(view.totalLength()).isEqualTo(Ipv4.MAX_TOTAL_LENGTH);
    }
}
