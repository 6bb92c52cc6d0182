// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.nat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.ulvs.testkit.Addresses;
import org.ulvs.testkit.Allocations;
import org.ulvs.testkit.FrameMutator;
import org.ulvs.testkit.Frames;
import org.ulvs.testkit.PacketBuilder;
import org.ulvs.testkit.PacketSummary;
import org.ulvs.testkit.RecordingSink;
import org.ulvs.wire.DropReason;
import org.ulvs.wire.EmbeddedHeader;
import org.ulvs.wire.Frame;
import org.ulvs.wire.FrameSink;
import org.ulvs.wire.IpOptions;
import org.ulvs.wire.Ipv4;
import org.ulvs.wire.PacketView;
import org.ulvs.wire.Tcp;
import org.ulvs.wire.fragments.FragmentListener;
import org.ulvs.wire.fragments.FragmentQueue;
import org.ulvs.wire.fragments.Fragmenter;
import org.ulvs.wire.offload.Segmenter;
import org.ulvs.wire.reply.EchoReply;
import org.ulvs.wire.reply.IcmpError;
import org.ulvs.wire.reply.TcpReset;

/** Everything that touches a packet, on frames that are random, damaged or cut off, with bounds checks on. */
class DamagedFramesTest {
    private static final int[] ADDRESSES = {
        Addresses.ip("10.1.0.7"), Addresses.ip("10.0.0.100"), Addresses.ip("10.0.2.1"), Addresses.ip("10.0.2.2")
    };
    private static final int FRAMES = 300_000;

    private final PacketView view = new PacketView();
    private final RecordingSink sink = new RecordingSink();
    private final Heard heard = new Heard();
    private final FragmentQueue fragments = new FragmentQueue(16, 64, 100_000, 3, heard);
    private final Fragmenter fragmenter = new Fragmenter();
    private final Segmenter segmenter = new Segmenter();
    private final FtpHelper ftp = new FtpHelper();
    private final UnsafeBuffer records = new UnsafeBuffer(new byte[SequenceAdjustment.LENGTH]);
    private int held;

    @Test
    void shouldEndEveryFrameInAResultAndNeverReadBesideIt() {
        final FrameMutator mutator = new FrameMutator(99, ADDRESSES, 21, 80, 1024, 5353);
        final SplittableRandom random = new SplittableRandom(98);
        final int[] results = new int[DropReason.maxId() + 1];
        SequenceAdjustment.onResized(records, 0, true, 0, 7);
        SequenceAdjustment.onResized(records, 0, false, 0, -7);
        for (int i = 0; i < FRAMES; i++) {
            final byte[] bytes = mutator.next();
            final String before = Frames.toHex(bytes);
            final Frame frame = Frames.exact(bytes);
            if (random.nextInt(16) == 0) {
                frame.offload(
                        true, random.nextInt(80), random.nextInt(20), random.nextInt(6), random.nextInt(2000), 54);
            }
            try {
                final int result = view.parse(frame);
                results[result]++;
                if (result == PacketView.OK && !view.isArp()) {
                    useAll(frame, i);
                }
                assertThat(PacketSummary.of(Frames.exact(bytes))).isNotEmpty();
            } catch (final RuntimeException ex) {
                throw new AssertionError("frame " + i + ": " + before, ex);
            }
        }
        assertThat(results[PacketView.OK]).isGreaterThan(FRAMES / 4);
        for (final DropReason reason : new DropReason[] {
            DropReason.TRUNCATED,
            DropReason.VLAN,
            DropReason.NOT_IPV4,
            DropReason.BAD_IP_HEADER,
            DropReason.BAD_IP_CHECKSUM,
            DropReason.BAD_LENGTH,
            DropReason.BAD_TRANSPORT_HEADER
        }) {
            assertThat(results[reason.id()]).as(reason.label()).isPositive();
        }
        fragments.poll(Long.MAX_VALUE);
        assertThat(held).as("every fragment held has left or was reported").isEqualTo(heard.frames);
        assertThat(fragments.freeBlocks()).isEqualTo(64);
    }

    private void useAll(final Frame frame, final int now) {
        sink.clear();
        if (view.ipHeaderLength() > Ipv4.MIN_LENGTH
                && IpOptions.process(frame, view, ADDRESSES[1], now) != PacketView.OK) {
            return;
        }
        if (view.isFragment()) {
            final int result = fragments.offer(frame, view, now);
            held += result == FragmentQueue.HELD ? 1 : 0;
            if (result == FragmentQueue.COMPLETE) {
                held -= fragments.fragmentCount() - 1;
                if (view.parse(fragments.datagram()) == PacketView.OK) {
                    Masquerade.rewriteDestination(fragments.datagram(), view, ADDRESSES[2], 80);
                    assertThat(fragments.sendFragments(sink, 0, 1500)).isEqualTo(PacketView.OK);
                }
            } else {
                Masquerade.rewriteSource(frame, view, ADDRESSES[1], 80);
            }
            return;
        }
        final EmbeddedHeader quoted = view.parseEmbedded();
        if (quoted.isUsable()) {
            IcmpTranslation.toClient(frame, view, quoted, ADDRESSES[1], 80);
            IcmpTranslation.toServer(frame, view, quoted, ADDRESSES[2], 80);
            quoted.unwrapTunnel();
        }
        Masquerade.rewriteDestination(frame, view, ADDRESSES[2], 8080);
        Masquerade.rewriteSource(frame, view, ADDRESSES[1], 80);
        if (IcmpError.isPermitted(frame, view)) {
            IcmpError.timeExceeded(sink, frame, view, ADDRESSES[1], 1);
        }
        if (view.protocol() == Ipv4.ICMP) {
            EchoReply.build(sink, frame, view, 1);
        }
        if (view.protocol() == Ipv4.TCP) {
            TcpReset.build(sink, frame, view);
            SequenceAdjustment.adjust(records, 0, (now & 1) != 0, frame, view);
            ftp.parseFromClient(frame, view);
            if (ftp.parseFromServer(frame, view) != FtpCommand.NONE) {
                ftp.rewriteReply(frame, view, ADDRESSES[1], 65535, sink);
            }
        }
        if (segmenter.start(frame, view, 1000) == PacketView.OK) {
            for (int i = 0; i < 3 && segmenter.next(sink) != null; i++) {
                assertThat(sink.sent()).isEmpty();
            }
        }
        assertThat(fragmenter.fragment(frame, 68, sink, 0)).isEqualTo(PacketView.OK);
    }

    @Test
    void shouldNotAllocatePerPacket() {
        final OneFrameSink one = new OneFrameSink();
        final Frame segment = PacketBuilder.tcp(21, 1024, Tcp.ACK)
                .payload("227 ok (10,11,12,1,4,1)\r\n")
                .build();
        final Frame first = PacketBuilder.udp(1, 2).payload(100).buildFragment(0, 48);
        final Frame second = PacketBuilder.udp(1, 2).payload(100).buildFragment(48, 60);
        final byte[] quote = Frames.bytes(PacketBuilder.udp(1, 2).build());
        final Frame error = PacketBuilder.icmp(3, 3, 0)
                .payload(Arrays.copyOfRange(quote, 14, quote.length))
                .build();
        SequenceAdjustment.onResized(records, 0, true, 0, 7);

        final long bytes = Allocations.of(20_000, 50_000, () -> {
            view.parse(segment);
            SequenceAdjustment.adjust(records, 0, true, segment, view);
            ftp.parseFromClient(segment, view);
            ftp.parseFromServer(segment, view);
            ftp.rewriteReply(segment, view, ADDRESSES[1], 1025, one);
            TcpReset.build(one, segment, view);
            IcmpError.timeExceeded(one, segment, view, ADDRESSES[1], 1);
            view.parse(error);
            IcmpTranslation.toServer(error, view, view.parseEmbedded(), ADDRESSES[2], 80);
            view.parse(first);
            fragments.offer(first, view, 0);
            view.parse(second);
            fragments.offer(second, view, 0);
            fragments.sendFragments(one, 0, 1500);
        });

        // some bytes in all are the measuring itself and the compiler; one object a packet would be millions
        assertThat(bytes).isLessThan(200_000);
    }

    /** Gives the same frame again and again. */
    private static final class OneFrameSink implements FrameSink {
        private final byte[] memory = new byte[4096];
        private final Frame frame = new Frame();

        @Override
        public void send(final Frame sent, final int port) {
            sent.port(port);
        }

        @Override
        public @Nullable Frame allocate(final int length) {
            return frame.wrap(memory, 64, length, 0);
        }
    }

    private static final class Heard implements FragmentListener {
        private int frames;

        @Override
        public void onFragmentsDropped(final DropReason reason, final int count) {
            assertThat(count).isPositive();
            frames += count;
        }

        @Override
        public void onTimeout(final Frame firstFragment) {
            assertThat(new PacketView().parse(firstFragment)).isEqualTo(PacketView.OK);
        }
    }
}
