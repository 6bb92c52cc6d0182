// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.shim;

import org.agrona.concurrent.UnsafeBuffer;
import org.ulvs.wire.Frame;

/** {@code struct virtio_net_hdr}, right before a frame's Ethernet header: its offload facts. Native byte order. */
final class VirtioHeader {
    /** Bytes of the header. */
    static final int LENGTH = 10;

    private static final int FLAGS_OFFSET = 0;
    private static final int GSO_TYPE_OFFSET = 1;
    private static final int HEADER_LENGTH_OFFSET = 2;
    private static final int GSO_SIZE_OFFSET = 4;
    private static final int CHECKSUM_START_OFFSET = 6;
    private static final int CHECKSUM_OFFSET_OFFSET = 8;
    private static final byte NEEDS_CHECKSUM = 1;

    private VirtioHeader() {}

    /** Takes over the facts from before the Ethernet header at {@code mac}. */
    static void read(Frame frame, UnsafeBuffer memory, int mac) {
        final int header = mac - LENGTH;
        final boolean partial = (memory.getByte(header + FLAGS_OFFSET) & NEEDS_CHECKSUM) != 0;
        final int gsoType = memory.getByte(header + GSO_TYPE_OFFSET) & 0xff;
        if (partial || gsoType != 0) {
            frame.offload(
                    partial,
                    memory.getShort(header + CHECKSUM_START_OFFSET) & 0xffff,
                    memory.getShort(header + CHECKSUM_OFFSET_OFFSET) & 0xffff,
                    gsoType,
                    memory.getShort(header + GSO_SIZE_OFFSET) & 0xffff,
                    memory.getShort(header + HEADER_LENGTH_OFFSET) & 0xffff);
        }
    }

    /** Writes the facts into the frame's headroom. */
    static void write(Frame frame) {
        final UnsafeBuffer buffer = frame.buffer();
        final int header = frame.offset() - LENGTH;
        if (frame.isPlain()) {
            for (int place = header; place < frame.offset(); place += Short.BYTES) {
                buffer.putShort(place, (short) 0);
            }
            return;
        }
        buffer.putByte(header + FLAGS_OFFSET, frame.checksumPartial() ? NEEDS_CHECKSUM : 0);
        buffer.putByte(header + GSO_TYPE_OFFSET, (byte) frame.gsoType());
        buffer.putShort(header + HEADER_LENGTH_OFFSET, (short) frame.headerLength());
        buffer.putShort(header + GSO_SIZE_OFFSET, (short) frame.gsoSize());
        buffer.putShort(header + CHECKSUM_START_OFFSET, (short) frame.checksumStart());
        buffer.putShort(header + CHECKSUM_OFFSET_OFFSET, (short) frame.checksumOffset());
    }
}
