// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.wire;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/** What a router does with IPv4 options (RFC 791, RFC 1812 5.2.4): record route and timestamp, as Linux does it. */
public final class IpOptions {
    private static final int END = 0;
    private static final int NOP = 1;
    private static final int RECORD_ROUTE = 7;
    private static final int TIMESTAMP = 68;
    private static final int LOOSE_SOURCE_ROUTE = 131;
    private static final int STRICT_SOURCE_ROUTE = 137;
    private static final int COPIED = 0x80;

    private static final int TIMESTAMP_ONLY = 0;
    private static final int TIMESTAMP_AND_ADDRESS = 1;
    private static final int TIMESTAMP_PRESPECIFIED = 3;
    private static final int MAX_OVERFLOW = 15;

    private static final int CHANGED = 1;
    private static final int MALFORMED = -1;

    private IpOptions() {}

    /**
     * Processes the options of a received packet in place; the header checksum is kept right.
     *
     * @param address that a record-route or timestamp option receives: the packet's destination if that is ours, else
     *     our address on the interface that the packet leaves through
     * @param timestamp milliseconds since midnight, universal time
     * @return {@link PacketView#OK}, {@link DropReason#BAD_IP_OPTIONS} or {@link DropReason#SOURCE_ROUTE} by number
     */
    public static int process(final Frame frame, final PacketView view, final int address, final int timestamp) {
        final UnsafeBuffer buffer = frame.buffer();
        final int end = view.transportOffset();
        int index = view.ipOffset() + Ipv4.MIN_LENGTH;
        boolean changed = false;
        boolean recorded = false;
        boolean stamped = false;
        while (index < end) {
            final int type = buffer.getByte(index) & 0xFF;
            if (type == END) {
                buffer.setMemory(index, end - index, (byte) END);
                changed = true;
                break;
            }
            if (type == NOP) {
                index++;
                continue;
            }
            final int length = end - index < 2 ? 0 : buffer.getByte(index + 1) & 0xFF;
            if (length < 2 || length > end - index) {
                return DropReason.BAD_IP_OPTIONS.id();
            }
            int result = 0;
            if (type == LOOSE_SOURCE_ROUTE || type == STRICT_SOURCE_ROUTE) {
                return DropReason.SOURCE_ROUTE.id();
            } else if (type == RECORD_ROUTE) {
                result = recorded ? MALFORMED : recordRoute(buffer, index, length, address);
                recorded = true;
            } else if (type == TIMESTAMP) {
                result = stamped ? MALFORMED : stamp(buffer, index, length, address, timestamp);
                stamped = true;
            }
            if (result == MALFORMED) {
                return DropReason.BAD_IP_OPTIONS.id();
            }
            changed |= result == CHANGED;
            index += length;
        }
        if (changed) {
            Ipv4.writeChecksum(buffer, view.ipOffset());
        }
        return PacketView.OK;
    }

    private static int recordRoute(final UnsafeBuffer buffer, final int index, final int length, final int address) {
        final int pointer = length < 3 ? 0 : buffer.getByte(index + 2) & 0xFF;
        if (pointer < 4) {
            return MALFORMED;
        }
        if (pointer > length) {
            return 0;
        }
        if (pointer + 3 > length) {
            return MALFORMED;
        }
        buffer.putInt(index + pointer - 1, address, ByteOrder.BIG_ENDIAN);
        buffer.putByte(index + 2, (byte) (pointer + 4));
        return CHANGED;
    }

    private static int stamp(
            final UnsafeBuffer buffer, final int index, final int length, final int address, final int timestamp) {
        final int pointer = length < 4 ? 0 : buffer.getByte(index + 2) & 0xFF;
        if (pointer < 5) {
            return MALFORMED;
        }
        final int word = buffer.getByte(index + 3) & 0xFF;
        final int flag = word & 0x0F;
        if (pointer > length) {
            return flag == TIMESTAMP_PRESPECIFIED ? 0 : overflow(buffer, index, word);
        }
        final int entry = index + pointer - 1;
        final int size = flag == TIMESTAMP_ONLY ? 4 : 8;
        if (pointer + 3 > length
                || ((flag == TIMESTAMP_AND_ADDRESS || flag == TIMESTAMP_PRESPECIFIED) && pointer + 7 > length)) {
            return MALFORMED;
        }
        if (flag == TIMESTAMP_AND_ADDRESS) {
            buffer.putInt(entry, address, ByteOrder.BIG_ENDIAN);
        } else if (flag == TIMESTAMP_PRESPECIFIED) {
            if (buffer.getInt(entry, ByteOrder.BIG_ENDIAN) != address) {
                return 0;
            }
        } else if (flag != TIMESTAMP_ONLY) {
            return 0;
        }
        buffer.putInt(entry + size - 4, timestamp, ByteOrder.BIG_ENDIAN);
        buffer.putByte(index + 2, (byte) (pointer + size));
        return CHANGED;
    }

    private static int overflow(final UnsafeBuffer buffer, final int index, final int word) {
        if (word >>> 4 == MAX_OVERFLOW) {
            return MALFORMED;
        }
        buffer.putByte(index + 3, (byte) (word + 0x10));
        return CHANGED;
    }

    /**
     * Makes the options of a first fragment those of a later one: an option that is not to be copied becomes "no
     * operation", so that the header keeps its length. The checksum is left as it is.
     */
    public static void keepCopied(final UnsafeBuffer buffer, final int offset) {
        final int end = offset + Ipv4.headerLength(buffer, offset);
        int index = offset + Ipv4.MIN_LENGTH;
        while (index < end) {
            final int type = buffer.getByte(index) & 0xFF;
            if (type == END) {
                return;
            }
            if (type == NOP) {
                index++;
                continue;
            }
            final int length = end - index < 2 ? 0 : buffer.getByte(index + 1) & 0xFF;
            if (length < 2 || length > end - index) {
                return;
            }
            if ((type & COPIED) == 0) {
                buffer.setMemory(index, length, (byte) NOP);
            }
            index += length;
        }
    }
}
