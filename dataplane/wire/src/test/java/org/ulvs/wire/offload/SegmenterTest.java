// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.wire.offload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Objects;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ulvs.wire.Checksums;
import org.ulvs.wire.DropReason;
import org.ulvs.wire.Frame;
import org.ulvs.wire.Ipv4;
import org.ulvs.wire.PacketView;
import org.ulvs.wire.Packets;
import org.ulvs.wire.Tcp;
import org.ulvs.wire.Udp;

class SegmenterTest {
    private static final int TCP_HEADER = 32;

    private final Segmenter segmenter = new Segmenter();
    private final PacketView view = new PacketView();
    private final Packets.Sink sink = new Packets.Sink();

    private static Frame tcp(final int payload, final int segmentSize, final int flags) {
        final byte[] body = Packets.pattern(TCP_HEADER + payload, 5);
        final UnsafeBuffer buffer = new UnsafeBuffer(body);
        Tcp.headerLength(buffer, 0, TCP_HEADER);
        Tcp.flags(buffer, 0, flags);
        Tcp.sequence(buffer, 0, -1000);
        Tcp.checksum(buffer, 0, Checksums.pseudoHeader(Packets.CLIENT, Packets.VIP, Ipv4.TCP, body.length));
        final Frame frame = Packets.packet(Ipv4.TCP, 0xFFFE, Ipv4.DONT_FRAGMENT, 0, body);
        return frame.offload(true, 34, Tcp.CHECKSUM_OFFSET, Frame.GSO_TCPV4, segmentSize, 34 + TCP_HEADER);
    }

    private void expectRightChecksums(final Frame segment) {
        assertThat(view.parse(segment)).isEqualTo(PacketView.OK);
        assertThat(segment.checksumPartial()).isFalse();
        final int pseudo =
                Checksums.pseudoHeader(view.source(), view.destination(), view.protocol(), view.transportLength());
        assertThat(Checksums.add(
                        pseudo, Checksums.sum(segment.buffer(), view.transportOffset(), view.transportLength())))
                .isEqualTo(0xFFFF);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1447, 1448, 1449, 2896, 10_001, 65_000})
    void shouldCutTcpIntoSegmentsThatMakeUpTheWhole(final int payload) {
        final Frame whole = tcp(payload, 1448, Tcp.ACK | Tcp.PSH | Tcp.FIN | Tcp.CWR);
        view.parse(whole);
        assertThat(segmenter.start(whole, view, 1500)).isEqualTo(PacketView.OK);
        final byte[] together = new byte[payload];
        int position = 0;
        int count = 0;
        while (!segmenter.isFinished()) {
            final Frame segment = Objects.requireNonNull(segmenter.next(sink));
            expectRightChecksums(segment);
            final boolean last = position + view.payloadLength() == payload;
            assertThat(view.payloadLength()).isEqualTo(Math.min(1448, payload - position));
            assertThat(view.id()).isEqualTo(0xFFFE + count & 0xFFFF);
            assertThat(view.dontFragment()).isTrue();
            assertThat(Tcp.sequence(segment.buffer(), view.transportOffset())).isEqualTo(-1000 + position);
            assertThat(view.tcpFlags())
                    .isEqualTo(Tcp.ACK | (last ? Tcp.PSH | Tcp.FIN : 0) | (count == 0 ? Tcp.CWR : 0));
            assertThat(view.payloadOffset() - view.transportOffset()).isEqualTo(TCP_HEADER);
            segment.buffer().getBytes(view.payloadOffset(), together, position, view.payloadLength());
            position += view.payloadLength();
            count++;
        }
        assertThat(segmenter.next(sink)).isNull();
        assertThat(count).isEqualTo((payload + 1447) / 1448);
        final byte[] expected = Packets.pattern(TCP_HEADER + payload, 5);
        assertThat(together).isEqualTo(Arrays.copyOfRange(expected, TCP_HEADER, expected.length));
    }

    @Test
    void shouldMakeSegmentsSmallerForASmallerLink() {
        final Frame whole = tcp(5000, 1448, Tcp.ACK);
        view.parse(whole);
        assertThat(segmenter.start(whole, view, 1480)).isEqualTo(PacketView.OK);
        view.parse(Objects.requireNonNull(segmenter.next(sink)));
        assertThat(view.totalLength()).isEqualTo(1480);
    }

    @Test
    void shouldCutUdpIntoDatagramsOfTheirSize() {
        final byte[] body = Packets.pattern(8 + 2500, 9);
        final UnsafeBuffer buffer = new UnsafeBuffer(body);
        Udp.length(buffer, 0, body.length);
        final Frame whole = Packets.packet(Ipv4.UDP, 1, 0, 0, body)
                .offload(true, 34, Udp.CHECKSUM_OFFSET, Frame.GSO_UDP_L4, 1000, 42);
        view.parse(whole);
        assertThat(segmenter.start(whole, view, 1500)).isEqualTo(PacketView.OK);
        for (final int length : new int[] {1000, 1000, 500}) {
            final Frame datagram = Objects.requireNonNull(segmenter.next(sink));
            expectRightChecksums(datagram);
            assertThat(view.payloadLength()).isEqualTo(length);
            assertThat(Udp.length(datagram.buffer(), view.transportOffset())).isEqualTo(8 + length);
        }
        assertThat(segmenter.isFinished()).isTrue();

        view.parse(whole);
        assertThat(segmenter.start(whole, view, 1000)).isEqualTo(DropReason.CANNOT_SEGMENT.id());
    }

    @Test
    void shouldRefuseWhatItCannotCut() {
        final Frame whole = tcp(5000, 1448, Tcp.ACK);
        view.parse(whole);
        for (final int type : new int[] {Frame.GSO_NONE, Frame.GSO_UDP, Frame.GSO_UDP_L4, 4}) {
            whole.offload(true, 34, 16, type, 1448, 66);
            assertThat(segmenter.start(whole, view, 1500)).isEqualTo(DropReason.CANNOT_SEGMENT.id());
        }
        whole.offload(true, 34, 16, Frame.GSO_TCPV4, 0, 66);
        assertThat(segmenter.start(whole, view, 1500)).isEqualTo(DropReason.CANNOT_SEGMENT.id());
        whole.offload(true, 34, 16, Frame.GSO_TCPV4, 1448, 66);
        assertThat(segmenter.start(whole, view, 52)).isEqualTo(DropReason.CANNOT_SEGMENT.id());
        assertThat(segmenter.isFinished()).isTrue();
    }

    @Test
    void shouldTellAnEmptySinkFromTheEnd() {
        final Frame whole = tcp(5000, 1448, Tcp.ACK);
        view.parse(whole);
        segmenter.start(whole, view, 1500);
        sink.allocations(2);
        assertThat(segmenter.next(sink)).isNotNull();
        assertThat(segmenter.next(sink)).isNotNull();
        assertThat(segmenter.next(sink)).isNull();
        assertThat(segmenter.isFinished()).isFalse();
    }

    @Test
    void shouldFinishChecksumsOnlyInsideThePacket() {
        final Frame frame = tcp(101, 1448, Tcp.ACK);
        ChecksumOffload.finish(frame);
        expectRightChecksums(frame);
        assertThat(frame.gsoType()).isEqualTo(Frame.GSO_NONE);
        ChecksumOffload.finish(frame);
        expectRightChecksums(frame);

        for (final int[] facts : new int[][] {{0, 0}, {33, 16}, {34, 60_000}, {34 + TCP_HEADER + 101, 0}, {200, 6}}) {
            final Frame strange = tcp(101, 1448, Tcp.ACK);
            final byte[] before = Packets.bytes(strange);
            strange.offload(true, facts[0], facts[1], 0, 0, 0);
            ChecksumOffload.finish(strange);
            assertThat(Packets.bytes(strange)).isEqualTo(before);
            assertThat(strange.checksumPartial()).isFalse();
        }
    }
}
