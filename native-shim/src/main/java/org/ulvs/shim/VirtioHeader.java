// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.shim;

import org.agrona.UnsafeApi;
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

    /** Takes over the facts from before the Ethernet header at the address {@code mac}. */
    static void read(Frame frame, long mac) {
        final long header = mac - LENGTH;
        final boolean partial = (UnsafeApi.getByte(header + FLAGS_OFFSET) & NEEDS_CHECKSUM) != 0;
        final int gsoType = UnsafeApi.getByte(header + GSO_TYPE_OFFSET) & 0xff;
        if (partial || gsoType != 0) {
            frame.offload(
                    partial,
                    UnsafeApi.getShort(header + CHECKSUM_START_OFFSET) & 0xffff,
                    UnsafeApi.getShort(header + CHECKSUM_OFFSET_OFFSET) & 0xffff,
                    gsoType,
                    UnsafeApi.getShort(header + GSO_SIZE_OFFSET) & 0xffff,
                    UnsafeApi.getShort(header + HEADER_LENGTH_OFFSET) & 0xffff);
        }
    }

    /** Writes the facts into the frame's headroom; returns the header's address. */
    static long write(Frame frame) {
        final long header = frame.buffer().addressOffset() + frame.offset() - LENGTH;
        if (frame.isPlain()) {
            UnsafeApi.putLong(header, 0);
            UnsafeApi.putShort(header + CHECKSUM_OFFSET_OFFSET, (short) 0);
            return header;
        }
        UnsafeApi.putByte(header + FLAGS_OFFSET, frame.checksumPartial() ? NEEDS_CHECKSUM : 0);
        UnsafeApi.putByte(header + GSO_TYPE_OFFSET, (byte) frame.gsoType());
        UnsafeApi.putShort(header + HEADER_LENGTH_OFFSET, (short) frame.headerLength());
        UnsafeApi.putShort(header + GSO_SIZE_OFFSET, (short) frame.gsoSize());
        UnsafeApi.putShort(header + CHECKSUM_START_OFFSET, (short) frame.checksumStart());
        UnsafeApi.putShort(header + CHECKSUM_OFFSET_OFFSET, (short) frame.checksumOffset());
        return header;
    }
}
