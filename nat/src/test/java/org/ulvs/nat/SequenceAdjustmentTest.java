// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.nat;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.ulvs.testkit.Frames;
import org.ulvs.testkit.PacketBuilder;
import org.ulvs.testkit.PacketSummary;
import org.ulvs.wire.Frame;
import org.ulvs.wire.PacketView;
import org.ulvs.wire.Tcp;

class SequenceAdjustmentTest {
    private static final int OFFSET = 8;
    private static final boolean CLIENT = false;
    private static final boolean SERVER = true;

    private final UnsafeBuffer records = new UnsafeBuffer(new byte[OFFSET + SequenceAdjustment.LENGTH]);
    private final PacketView view = new PacketView();

    private Frame adjusted(final boolean fromServer, final int sequence, final int acknowledgement) {
        final Frame frame = PacketBuilder.tcp(21, 1024, Tcp.ACK)
                .sequence(sequence, acknowledgement)
                .payload(11)
                .build();
        view.parse(frame);
        SequenceAdjustment.adjust(records, OFFSET, fromServer, frame, view);
        assertThat(PacketSummary.checksumState(frame, view)).isEqualTo("right");
        return frame;
    }

    private int sequence(final boolean fromServer, final int sequence) {
        return Tcp.sequence(adjusted(fromServer, sequence, 0).buffer(), view.transportOffset());
    }

    private int acknowledgement(final boolean fromServer, final int number) {
        return Tcp.acknowledgement(adjusted(fromServer, 0, number).buffer(), view.transportOffset());
    }

    @Test
    void shouldLeaveSegmentsAloneBeforeAnythingChanged() {
        assertThat(SequenceAdjustment.isActive(records, OFFSET)).isFalse();
        assertThat(sequence(SERVER, 5000)).isEqualTo(5000);
        assertThat(acknowledgement(CLIENT, 5000)).isEqualTo(5000);
    }

    @Test
    void shouldShiftWhatFollowsAChangedSegment() {
        SequenceAdjustment.onResized(records, OFFSET, SERVER, 5000, 7);

        assertThat(SequenceAdjustment.isActive(records, OFFSET)).isTrue();
        // the segment itself, sent again, begins where it began
        assertThat(sequence(SERVER, 5000)).isEqualTo(5000);
        assertThat(sequence(SERVER, 5040)).isEqualTo(5047);
        // the client acknowledges 40 + 7 bytes, the server knows of 40
        assertThat(acknowledgement(CLIENT, 5047)).isEqualTo(5040);
        assertThat(acknowledgement(CLIENT, 5000)).isEqualTo(5000);
        // the other direction is not concerned
        assertThat(sequence(CLIENT, 5040)).isEqualTo(5040);
        assertThat(acknowledgement(SERVER, 5047)).isEqualTo(5047);
    }

    @Test
    void shouldAddUpChangesAndRememberTheOneBefore() {
        SequenceAdjustment.onResized(records, OFFSET, SERVER, 5000, 7);
        SequenceAdjustment.onResized(records, OFFSET, SERVER, 6000, -3);
        // sent again
        SequenceAdjustment.onResized(records, OFFSET, SERVER, 6000, -3);

        assertThat(sequence(SERVER, 5500)).isEqualTo(5507);
        assertThat(sequence(SERVER, 6000)).isEqualTo(6007);
        assertThat(sequence(SERVER, 6040)).isEqualTo(6044);
        assertThat(acknowledgement(CLIENT, 6044)).isEqualTo(6040);
        assertThat(acknowledgement(CLIENT, 5507)).isEqualTo(5500);
    }

    @Test
    void shouldNotAcknowledgeAnythingOfAShortenedSegmentThatWasLost() {
        SequenceAdjustment.onResized(records, OFFSET, SERVER, 5000, -7);

        assertThat(acknowledgement(CLIENT, 4990)).isEqualTo(4990);
        assertThat(acknowledgement(CLIENT, 5000)).isEqualTo(5000);
        assertThat(acknowledgement(CLIENT, 5033)).isEqualTo(5040);
        assertThat(sequence(SERVER, 5040)).isEqualTo(5033);
    }

    @Test
    void shouldStayActiveWhenChangesCancelOut() {
        SequenceAdjustment.onResized(records, OFFSET, SERVER, 5000, 7);
        SequenceAdjustment.onResized(records, OFFSET, SERVER, 6000, -7);

        assertThat(sequence(SERVER, 6000)).isEqualTo(6007);
        assertThat(sequence(SERVER, 6040)).isEqualTo(6040);
    }

    @Test
    void shouldCountAcrossTheEndOfTheNumbers() {
        SequenceAdjustment.onResized(records, OFFSET, SERVER, -20, 7);

        assertThat(sequence(SERVER, -30)).isEqualTo(-30);
        assertThat(sequence(SERVER, 20)).isEqualTo(27);
        assertThat(acknowledgement(CLIENT, 27)).isEqualTo(20);
        assertThat(acknowledgement(CLIENT, -20)).isEqualTo(-20);
    }

    @Test
    void shouldAdjustSackBlocksAtEvenAndOddPlaces() {
        SequenceAdjustment.onResized(records, OFFSET, SERVER, 5000, 7);
        for (final boolean odd : new boolean[] {false, true}) {
            final int[] options = odd
                    ? new int[] {1, 5, 10, 0, 0, 0x13, 0xBE, 0, 0, 0x17, 0x77, 0}
                    : new int[] {1, 1, 5, 10, 0, 0, 0x13, 0xBE, 0, 0, 0x17, 0x77};
            final Frame frame = PacketBuilder.tcp(1024, 21, Tcp.ACK)
                    .sequence(0, 5047)
                    .tcpOptions(options)
                    .build();
            view.parse(frame);

            SequenceAdjustment.adjust(records, OFFSET, CLIENT, frame, view);

            assertThat(PacketSummary.checksumState(frame, view)).isEqualTo("right");
            final int blocks = view.transportOffset() + Tcp.MIN_LENGTH + (odd ? 3 : 4);
            assertThat(frame.buffer().getInt(blocks, ByteOrder.BIG_ENDIAN)).isEqualTo(0x13BE - 7);
            assertThat(frame.buffer().getInt(blocks + 4, ByteOrder.BIG_ENDIAN)).isEqualTo(0x1777 - 7);
        }
    }

    @Test
    void shouldSurviveMalformedOptions() {
        SequenceAdjustment.onResized(records, OFFSET, SERVER, 5000, 7);
        for (final int[] options :
                new int[][] {{5}, {5, 0, 1, 1}, {5, 40, 1, 1}, {0, 5, 10, 1}, {8, 1, 1, 1}, {5, 3, 1, 1}}) {
            final Frame frame = PacketBuilder.tcp(1024, 21, Tcp.ACK)
                    .sequence(0, 5047)
                    .tcpOptions(options)
                    .tailroom(0)
                    .build();
            view.parse(frame);
            SequenceAdjustment.adjust(records, OFFSET, CLIENT, frame, view);
            assertThat(PacketSummary.checksumState(frame, view)).isEqualTo("right");
        }
    }

    @Test
    void shouldLeaveAnUnfinishedChecksumAsItIs() {
        SequenceAdjustment.onResized(records, OFFSET, SERVER, 5000, 7);
        final Frame frame = PacketBuilder.tcp(21, 1024, Tcp.ACK)
                .sequence(5040, 0)
                .payload(5000)
                .gso(Frame.GSO_TCPV4, 1000)
                .build();
        view.parse(frame);

        SequenceAdjustment.adjust(records, OFFSET, SERVER, frame, view);

        assertThat(Tcp.sequence(frame.buffer(), view.transportOffset())).isEqualTo(5047);
        assertThat(PacketSummary.checksumState(frame, view)).isEqualTo("partial");
    }

    @Test
    void shouldNotTouchTheAcknowledgementOfASegmentWithoutAck() {
        SequenceAdjustment.onResized(records, OFFSET, SERVER, 5000, 7);
        final Frame frame =
                PacketBuilder.tcp(1024, 21, Tcp.RST).sequence(1, 5047).build();
        final byte[] before = Frames.bytes(frame);
        view.parse(frame);
        SequenceAdjustment.adjust(records, OFFSET, CLIENT, frame, view);
        assertThat(Frames.bytes(frame)).isEqualTo(before);
    }
}
