// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.wire.fragments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ulvs.wire.DropReason;
import org.ulvs.wire.Ethernet;
import org.ulvs.wire.Frame;
import org.ulvs.wire.Ipv4;
import org.ulvs.wire.PacketView;
import org.ulvs.wire.Packets;

class FragmentQueueTest {
    private static final long TIMEOUT_NS = 1000;
    private static final int BLOCKS = 64;

    private final Heard heard = new Heard();
    private final FragmentQueue queue = new FragmentQueue(8, BLOCKS, TIMEOUT_NS, 7, heard);
    private final PacketView view = new PacketView();

    private static Frame fragment(final byte[] datagram, final int id, final int from, final int to) {
        return fragment(datagram, id, from, to, 0);
    }

    private static Frame fragment(
            final byte[] datagram, final int id, final int from, final int to, final int tosAndFlags) {
        final int more = to < datagram.length ? Ipv4.MORE_FRAGMENTS : 0;
        return Packets.packet(
                Ipv4.UDP,
                id,
                from / 8 | more | (tosAndFlags & 0xF000),
                tosAndFlags & 0xFF,
                Arrays.copyOfRange(datagram, from, to));
    }

    private int offer(final Frame frame, final long nowNs) {
        assertThat(view.parse(frame)).isEqualTo(PacketView.OK);
        assertThat(view.isFragment()).isTrue();
        return queue.offer(frame, view, nowNs);
    }

    private byte[] whole() {
        assertThat(view.parse(queue.datagram())).isEqualTo(PacketView.OK);
        assertThat(view.isFragment()).isFalse();
        final byte[] bytes = new byte[view.transportLength()];
        queue.datagram().buffer().getBytes(view.transportOffset(), bytes);
        return bytes;
    }

    private static List<Frame> cut(final byte[] datagram, final int id, final Random random) {
        final List<Frame> frames = new ArrayList<>();
        for (int from = 0; from < datagram.length; ) {
            final int length = 8 * (1 + random.nextInt(random.nextInt(4) == 0 ? 1 : 190));
            final int to = frames.isEmpty()
                    ? Math.min(from + length, (datagram.length - 1) & -8)
                    : Math.min(from + length, datagram.length);
            frames.add(fragment(datagram, id, from, to));
            from = to;
        }
        return frames;
    }

    @Test
    void shouldPutTogetherAnyPiecesInAnyOrderAndSendThemInTheirSizes() {
        final Random random = new Random(11);
        for (int round = 0; round < 300; round++) {
            final List<Frame> frames = new ArrayList<>();
            final byte[][] datagrams = new byte[3][];
            final List<List<String>> pieces = new ArrayList<>();
            for (int i = 0; i < datagrams.length; i++) {
                datagrams[i] = Packets.pattern(16 + random.nextInt(random.nextInt(8) == 0 ? 65_400 : 4000), round + i);
                final List<Frame> cut = cut(datagrams[i], i, random);
                pieces.add(cut.stream().map(Packets::hex).toList());
                frames.addAll(cut);
            }
            Collections.shuffle(frames, random);
            int completed = 0;
            for (final Frame frame : frames) {
                final int result = offer(frame, round);
                if (result == FragmentQueue.COMPLETE) {
                    assertThat(whole()).isEqualTo(datagrams[view.id()]);
                    final List<String> expected = pieces.get(view.id());
                    assertThat(queue.fragmentCount()).isEqualTo(expected.size());
                    final Packets.Sink sink = new Packets.Sink();
                    assertThat(queue.sendFragments(sink, 2, 1600)).isEqualTo(PacketView.OK);
                    assertThat(queue.sentCount()).isEqualTo(expected.size());
                    assertThat(sink.sent().stream().map(Packets::hex)).containsExactlyElementsOf(expected);
                    completed++;
                } else {
                    assertThat(result).isEqualTo(FragmentQueue.HELD);
                }
            }
            assertThat(completed).isEqualTo(datagrams.length);
            assertThat(queue.size()).isZero();
            assertThat(queue.freeBlocks()).isEqualTo(BLOCKS);
        }
        assertThat(heard.drops).isEmpty();
    }

    @Test
    void shouldShowTheTransportHeaderEvenIfItCameInTinyPieces() {
        final byte[] datagram = Packets.pattern(40, 1);
        for (int from = 32; from > 0; from -= 8) {
            assertThat(offer(fragment(datagram, 1, from, from + 8), 0)).isEqualTo(FragmentQueue.HELD);
        }
        assertThat(offer(fragment(datagram, 1, 0, 8), 0)).isEqualTo(FragmentQueue.COMPLETE);
        assertThat(whole()).isEqualTo(datagram);
    }

    @Test
    void shouldTellDatagramsApartByAddressesIdAndProtocol() {
        final byte[] datagram = Packets.pattern(16, 1);
        offer(fragment(datagram, 1, 0, 8), 0);
        offer(fragment(datagram, 2, 8, 16), 0);
        offer(Packets.packet(Ipv4.TCP, 1, 1, 0, new byte[8]), 0);
        final Frame other = fragment(datagram, 1, 8, 16);
        final int ip = other.offset() + Ethernet.LENGTH;
        Ipv4.source(other.buffer(), ip, 99);
        Ipv4.writeChecksum(other.buffer(), ip);
        offer(other, 0);
        assertThat(queue.size()).isEqualTo(4);
        assertThat(offer(fragment(datagram, 1, 8, 16), 0)).isEqualTo(FragmentQueue.COMPLETE);
    }

    @Test
    void shouldIgnoreDuplicates() {
        final byte[] datagram = Packets.pattern(100, 1);
        offer(fragment(datagram, 1, 0, 48), 0);
        assertThat(offer(fragment(datagram, 1, 0, 48), 0)).isEqualTo(DropReason.FRAGMENT_DUPLICATE.id());
        assertThat(offer(fragment(datagram, 1, 8, 16), 0)).isEqualTo(DropReason.FRAGMENT_DUPLICATE.id());
        assertThat(offer(fragment(datagram, 1, 48, 100), 0)).isEqualTo(FragmentQueue.COMPLETE);
        assertThat(whole()).isEqualTo(datagram);
        assertThat(heard.drops).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"40, 56", "0, 56", "0, 104", "88, 104"})
    void shouldRefuseTheWholeDatagramWhenFragmentsOverlap(final int from, final int to) {
        final byte[] datagram = Packets.pattern(200, 1);
        offer(fragment(datagram, 1, 8, 48), 0);
        offer(fragment(datagram, 1, 96, 104), 0);
        assertThat(offer(fragment(datagram, 1, from, to), 0)).isEqualTo(DropReason.FRAGMENT_OVERLAP.id());
        assertThat(heard.drops).containsExactly(Map.entry(DropReason.FRAGMENT_OVERLAP, 2));
        assertThat(queue.size()).isZero();
        assertThat(queue.freeBlocks()).isEqualTo(BLOCKS);
    }

    @Test
    void shouldRefuseFragmentsThatContradictTheEnd() {
        final byte[] datagram = Packets.pattern(64, 1);
        final byte[] shorter = Packets.pattern(40, 1);
        final byte[] longer = Packets.pattern(80, 1);
        for (final Frame second :
                List.of(fragment(shorter, 1, 32, 40), fragment(longer, 1, 64, 72), fragment(longer, 1, 64, 80))) {
            heard.drops.clear();
            offer(fragment(datagram, 1, 56, 64), 0);
            assertThat(offer(second, 0)).isEqualTo(DropReason.FRAGMENT_MALFORMED.id());
            assertThat(heard.drops).containsExactly(Map.entry(DropReason.FRAGMENT_MALFORMED, 1));
        }
        // what is there reaches behind the end that comes now
        offer(fragment(longer, 1, 64, 72), 0);
        assertThat(offer(fragment(datagram, 1, 56, 64), 0)).isEqualTo(DropReason.FRAGMENT_MALFORMED.id());
        assertThat(queue.size()).isZero();
    }

    @Test
    void shouldRefuseEmptyAndFarFragments() {
        assertThat(offer(Packets.packet(Ipv4.UDP, 1, Ipv4.MORE_FRAGMENTS, 0, new byte[0]), 0))
                .isEqualTo(DropReason.FRAGMENT_MALFORMED.id());
        assertThat(offer(Packets.packet(Ipv4.UDP, 1, Ipv4.MORE_FRAGMENTS, 0, new byte[7]), 0))
                .isEqualTo(DropReason.FRAGMENT_MALFORMED.id());
        assertThat(offer(Packets.packet(Ipv4.UDP, 1, 8191, 0, new byte[8]), 0))
                .isEqualTo(DropReason.FRAGMENT_MALFORMED.id());
        assertThat(offer(Packets.packet(Ipv4.UDP, 1, 8190, 0, new byte[1400]), 0))
                .isEqualTo(DropReason.FRAGMENT_MALFORMED.id());
        assertThat(queue.size()).isZero();
    }

    @Test
    void shouldRefuseADatagramThatOptionsMakeTooLarge() {
        final int units = (Ipv4.MAX_TOTAL_LENGTH - 20) / 8;
        offer(Packets.packet(Ipv4.UDP, 1, units - 1, 0, new byte[8 + 3]), 0);
        for (int unit = 8; unit < units - 1; unit += 160) {
            final int length = Math.min(160, units - 1 - unit) * 8;
            assertThat(offer(Packets.packet(Ipv4.UDP, 1, unit | Ipv4.MORE_FRAGMENTS, 0, new byte[length]), 0))
                    .isEqualTo(FragmentQueue.HELD);
        }
        final byte[] first = new byte[24 + 64];
        final UnsafeBuffer buffer = new UnsafeBuffer(first);
        Ipv4.write(buffer, 0, 0, 88, 1, Ipv4.MORE_FRAGMENTS, 64, Ipv4.UDP, Packets.CLIENT, Packets.VIP);
        buffer.putByte(0, (byte) 0x46);
        Ipv4.writeChecksum(buffer, 0);
        assertThat(offer(Packets.ipv4(first), 0)).isEqualTo(DropReason.TOO_LARGE.id());
        assertThat(heard.drops).containsOnlyKeys(DropReason.TOO_LARGE);
        assertThat(queue.freeBlocks()).isEqualTo(BLOCKS);
    }

    @Test
    void shouldThrowOutWhatTakesTooLongAndShowTheFirstFragment() {
        final byte[] datagram = Packets.pattern(100, 1);
        final Frame first = fragment(datagram, 1, 0, 48);
        offer(first, 0);
        offer(fragment(datagram, 1, 56, 64), 900);
        offer(fragment(datagram, 2, 8, 16), 10);

        assertThat(queue.poll(TIMEOUT_NS - 1)).isZero();
        assertThat(queue.poll(TIMEOUT_NS)).isEqualTo(1);
        assertThat(heard.drops).containsExactly(Map.entry(DropReason.FRAGMENT_TIMEOUT, 2));
        assertThat(heard.firstFragments).containsExactly(Packets.hex(first));

        assertThat(queue.poll(TIMEOUT_NS + 10)).isEqualTo(1);
        assertThat(heard.drops).containsExactly(Map.entry(DropReason.FRAGMENT_TIMEOUT, 3));
        assertThat(heard.firstFragments).hasSize(1);
        assertThat(queue.freeBlocks()).isEqualTo(BLOCKS);
    }

    @Test
    void shouldNotCompleteADatagramWhoseTimeIsOver() {
        final byte[] datagram = Packets.pattern(16, 1);
        offer(fragment(datagram, 1, 0, 8), 0);
        assertThat(offer(fragment(datagram, 1, 8, 16), TIMEOUT_NS)).isEqualTo(FragmentQueue.HELD);
        assertThat(heard.drops).containsExactly(Map.entry(DropReason.FRAGMENT_TIMEOUT, 1));
        assertThat(offer(fragment(datagram, 1, 0, 8), TIMEOUT_NS)).isEqualTo(FragmentQueue.COMPLETE);
    }

    @Test
    void shouldLetTheOldestMakeRoomWhenThereAreTooManyDatagrams() {
        final byte[] datagram = Packets.pattern(24, 1);
        for (int id = 0; id < 8; id++) {
            offer(fragment(datagram, id, 0, 8), id);
        }
        offer(fragment(datagram, 0, 8, 16), 8);
        assertThat(heard.drops).isEmpty();
        assertThat(offer(fragment(datagram, 8, 0, 8), 9)).isEqualTo(FragmentQueue.HELD);
        assertThat(heard.drops).containsExactly(Map.entry(DropReason.FRAGMENT_QUEUE_FULL, 2));
        assertThat(queue.size()).isEqualTo(8);
    }

    @Test
    void shouldLetTheOldestMakeRoomWhenThereIsNoMemory() {
        final byte[] large = Packets.pattern(65_000, 1);
        for (int id = 0; id < 2; id++) {
            for (int from = 0; from < 62_000; from += 2048) {
                offer(fragment(large, id, from, from + 2048), id);
            }
        }
        assertThat(queue.freeBlocks()).isEqualTo(BLOCKS - 62);
        for (int id = 2; id < 5; id++) {
            assertThat(offer(fragment(large, id, 0, 8), id)).isEqualTo(FragmentQueue.HELD);
        }
        assertThat(heard.drops).containsExactly(Map.entry(DropReason.FRAGMENT_QUEUE_FULL, 31));
        assertThat(queue.size()).isEqualTo(4);
    }

    @Test
    void shouldSpareTheDatagramThatNeedsTheMemory() {
        final byte[] large = Packets.pattern(65_000, 1);
        offer(fragment(large, 0, 0, 8), 0);
        for (int id = 1; id < 3; id++) {
            for (int block = 0; block < 33 - id; block++) {
                offer(fragment(large, id, block * 2048, block * 2048 + 8), id);
            }
        }
        assertThat(queue.freeBlocks()).isZero();
        assertThat(offer(fragment(large, 0, 4096, 4104), 3)).isEqualTo(FragmentQueue.HELD);
        assertThat(heard.drops).containsExactly(Map.entry(DropReason.FRAGMENT_QUEUE_FULL, 32));
        assertThat(queue.size()).isEqualTo(2);
        assertThat(queue.freeBlocks()).isEqualTo(31);
    }

    @Test
    void shouldForgetEverythingOnClear() {
        final byte[] datagram = Packets.pattern(24, 1);
        offer(fragment(datagram, 1, 0, 8), 0);
        offer(fragment(datagram, 2, 0, 8), 0);
        queue.clear();
        assertThat(queue.size()).isZero();
        assertThat(heard.drops).containsExactly(Map.entry(DropReason.FRAGMENT_TIMEOUT, 2));
        assertThat(heard.firstFragments).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 0",
        "2, 2, 2",
        "2, 3, 3",
        "3, 2, 3",
        "1, 3, 3",
        "1, 2, 1",
        "0, 2, -1",
        "3, 0, -1",
        "0xb8, 0xb8, 0xb8"
    })
    void shouldMergeCongestionMarks(final String first, final String second, final String merged) {
        final byte[] datagram = Packets.pattern(16, 1);
        offer(fragment(datagram, 1, 0, 8, Integer.decode(first)), 0);
        final int result = offer(fragment(datagram, 1, 8, 16, Integer.decode(second)), 0);
        if (Integer.decode(merged) < 0) {
            assertThat(result).isEqualTo(DropReason.FRAGMENT_ECN.id());
            assertThat(heard.drops).containsExactly(Map.entry(DropReason.FRAGMENT_ECN, 1));
            assertThat(queue.freeBlocks()).isEqualTo(BLOCKS);
        } else {
            assertThat(result).isEqualTo(FragmentQueue.COMPLETE);
            whole();
            assertThat(view.tos()).isEqualTo(Integer.decode(merged));
        }
    }

    @Test
    void shouldForbidFragmentationOnlyIfTheLargestFragmentDid() {
        final byte[] datagram = Packets.pattern(32, 1);
        offer(fragment(datagram, 1, 0, 24, Ipv4.DONT_FRAGMENT), 0);
        offer(fragment(datagram, 1, 24, 32), 0);
        whole();
        assertThat(view.dontFragment()).isTrue();
        offer(fragment(datagram, 1, 0, 24), 0);
        offer(fragment(datagram, 1, 24, 32, Ipv4.DONT_FRAGMENT), 0);
        whole();
        assertThat(view.dontFragment()).isFalse();
    }

    @Test
    void shouldCutSmallerForASmallerLinkAndSendAllOrNothing() {
        final byte[] datagram = Packets.pattern(3000, 1);
        offer(fragment(datagram, 1, 0, 1480), 0);
        offer(fragment(datagram, 1, 1480, 2960), 0);
        assertThat(offer(fragment(datagram, 1, 2960, 3000), 0)).isEqualTo(FragmentQueue.COMPLETE);
        assertThat(queue.largestFragment()).isEqualTo(1500);

        final Packets.Sink poor = new Packets.Sink().allocations(2);
        assertThat(queue.sendFragments(poor, 1, 1500)).isEqualTo(DropReason.NO_SCRATCH.id());
        assertThat(poor.sent()).isEmpty();
        assertThat(queue.sentCount()).isZero();

        final Packets.Sink sink = new Packets.Sink();
        assertThat(queue.sendFragments(sink, 1, 1400)).isEqualTo(PacketView.OK);
        assertThat(sink.sent().stream().map(Frame::length)).containsExactly(14 + 1396, 14 + 1396, 14 + 268);
        for (final Frame frame : sink.sent()) {
            offer(frame, 1);
        }
        assertThat(whole()).isEqualTo(datagram);
    }

    @Test
    void shouldFragmentAFragment() {
        final byte[] datagram = Packets.pattern(4000, 1);
        final Packets.Sink sink = new Packets.Sink();
        final Fragmenter fragmenter = new Fragmenter();
        assertThat(fragmenter.fragment(fragment(datagram, 1, 2000, 4000), 576, sink, 1))
                .isEqualTo(PacketView.OK);
        assertThat(fragmenter.fragment(fragment(datagram, 1, 0, 2000), 576, sink, 1))
                .isEqualTo(PacketView.OK);
        assertThat(sink.sent()).hasSize(8).allMatch(frame -> frame.length() <= 14 + 576);
        for (int i = 0; i < 8; i++) {
            assertThat(offer(sink.sent().get(i), 0)).isEqualTo(i == 7 ? FragmentQueue.COMPLETE : FragmentQueue.HELD);
        }
        assertThat(whole()).isEqualTo(datagram);
    }

    @Test
    void shouldRefuseCapacitiesThatMakeNoSense() {
        assertThatThrownBy(() -> new FragmentQueue(0, 64, 1, 0, heard)).hasMessageContaining("1 datagram");
        assertThatThrownBy(() -> new FragmentQueue(1, 31, 1, 0, heard)).hasMessageContaining("32");
    }

    private static final class Heard implements FragmentListener {
        private final Map<DropReason, Integer> drops = new EnumMap<>(DropReason.class);
        private final List<String> firstFragments = new ArrayList<>();

        @Override
        public void onFragmentsDropped(final DropReason reason, final int frames) {
            assertThat(frames).isPositive();
            drops.merge(reason, frames, Integer::sum);
        }

        @Override
        public void onTimeout(final Frame firstFragment) {
            firstFragments.add(Packets.hex(firstFragment));
        }
    }
}
