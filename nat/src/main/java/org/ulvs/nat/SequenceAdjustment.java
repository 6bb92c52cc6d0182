// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.nat;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;
import org.ulvs.wire.Checksums;
import org.ulvs.wire.Frame;
import org.ulvs.wire.PacketView;
import org.ulvs.wire.Tcp;

/**
 * Sequence numbers of a connection in which we made payload longer or shorter. For each direction a record holds the
 * sequence number of the last segment that changed, the difference behind it and the difference before it, as
 * the kernel's connection tracking does.
 *
 * <p>The record is {@value #LENGTH} bytes of the caller's memory, in native byte order, all 0 at first: first what
 * concerns the segments from the client, then those from the server. Written only by the connection's worker.
 */
public final class SequenceAdjustment {
    /** Bytes of a record. */
    public static final int LENGTH = 24;

    private static final int DIRECTION_LENGTH = 12;
    private static final int INITIAL = 0;
    private static final int DELTA = 4;
    private static final int PREVIOUS_DELTA = 8;

    private SequenceAdjustment() {}

    /** Whether any segment changed its length so far. */
    public static boolean isActive(final UnsafeBuffer records, final int offset) {
        return isActive(records, offset, false) || isActive(records, offset, true);
    }

    private static boolean isActive(final UnsafeBuffer records, final int offset, final boolean fromServer) {
        final int direction = direction(offset, fromServer);
        return (records.getInt(direction + DELTA) | records.getInt(direction + PREVIOUS_DELTA)) != 0;
    }

    /**
     * Notes that a segment became longer or shorter. A segment sent again changes nothing.
     *
     * @param sequence the segment's number as its sender gave it
     * @param delta bytes by which it became longer, not 0
     */
    public static void onResized(
            final UnsafeBuffer records,
            final int offset,
            final boolean fromServer,
            final int sequence,
            final int delta) {
        final int direction = direction(offset, fromServer);
        if (!isActive(records, offset, fromServer) || isAfter(sequence, records.getInt(direction + INITIAL))) {
            final int before = records.getInt(direction + DELTA);
            records.putInt(direction + PREVIOUS_DELTA, before);
            records.putInt(direction + DELTA, before + delta);
            records.putInt(direction + INITIAL, sequence);
        }
    }

    /**
     * Adjusts a segment: its sequence number to what was changed in its own direction, its acknowledgement and SACK
     * blocks (RFC 2018) to what was changed in the other. The checksum follows by difference.
     */
    public static void adjust(
            final UnsafeBuffer records,
            final int offset,
            final boolean fromServer,
            final Frame frame,
            final PacketView view) {
        final UnsafeBuffer buffer = frame.buffer();
        final int tcp = view.transportOffset();
        int checksum = Tcp.checksum(buffer, tcp);
        if (isActive(records, offset, fromServer)) {
            final int from = Tcp.sequence(buffer, tcp);
            final int to = adjustedSequence(records, direction(offset, fromServer), from);
            Tcp.sequence(buffer, tcp, to);
            checksum = Checksums.update32(checksum, from, to);
        }
        if (isActive(records, offset, !fromServer) && (view.tcpFlags() & Tcp.ACK) != 0) {
            final int other = direction(offset, !fromServer);
            final int from = Tcp.acknowledgement(buffer, tcp);
            final int to = adjustedAcknowledgement(records, other, from);
            Tcp.acknowledgement(buffer, tcp, to);
            checksum = Checksums.update32(checksum, from, to);
            checksum = adjustSack(records, other, buffer, view, checksum);
        }
        // an unfinished checksum does not cover the header yet
        if (!view.isChecksumPartial()) {
            Tcp.checksum(buffer, tcp, checksum);
        }
    }

    private static int adjustSack(
            final UnsafeBuffer records,
            final int direction,
            final UnsafeBuffer buffer,
            final PacketView view,
            final int before) {
        int checksum = before;
        final int end = view.payloadOffset();
        int option = view.transportOffset() + Tcp.MIN_LENGTH;
        while (option < end) {
            final int kind = buffer.getByte(option) & 0xFF;
            if (kind == Tcp.OPTION_END) {
                return checksum;
            }
            if (kind == Tcp.OPTION_NOP) {
                option++;
                continue;
            }
            final int length = end - option < 2 ? 0 : buffer.getByte(option + 1) & 0xFF;
            if (length < 2 || length > end - option) {
                return checksum;
            }
            if (kind == Tcp.OPTION_SACK) {
                for (int edge = option + 2; edge + 4 <= option + length; edge += 4) {
                    final int from = buffer.getInt(edge, ByteOrder.BIG_ENDIAN);
                    final int to = adjustedAcknowledgement(records, direction, from);
                    buffer.putInt(edge, to, ByteOrder.BIG_ENDIAN);
                    checksum = update(checksum, (edge - view.transportOffset() & 1) != 0, from, to);
                }
            }
            option += length;
        }
        return checksum;
    }

    private static int update(final int checksum, final boolean odd, final int from, final int to) {
        // at an odd place the word's octets count in exchanged halves
        return odd
                ? Checksums.update32(checksum, swapHalves(from), swapHalves(to))
                : Checksums.update32(checksum, from, to);
    }

    private static int swapHalves(final int word) {
        return (word & 0xFF00_FF00) >>> 8 | (word & 0x00FF_00FF) << 8;
    }

    private static int adjustedSequence(final UnsafeBuffer records, final int direction, final int sequence) {
        return sequence
                + records.getInt(
                        direction + (isAfter(sequence, records.getInt(direction + INITIAL)) ? DELTA : PREVIOUS_DELTA));
    }

    private static int adjustedAcknowledgement(final UnsafeBuffer records, final int direction, final int number) {
        // the number is of the next octet expected: one equal to the start of the changed segment acknowledges none of
        // it
        final int before = number - records.getInt(direction + PREVIOUS_DELTA);
        final boolean behind = isAfter(before, records.getInt(direction + INITIAL));
        return behind ? number - records.getInt(direction + DELTA) : before;
    }

    private static boolean isAfter(final int sequence, final int other) {
        return sequence - other > 0;
    }

    private static int direction(final int offset, final boolean fromServer) {
        return fromServer ? offset + DIRECTION_LENGTH : offset;
    }
}
