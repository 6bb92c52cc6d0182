// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.wire.offload;

import org.agrona.concurrent.UnsafeBuffer;
import org.ulvs.wire.Checksums;
import org.ulvs.wire.Ethernet;
import org.ulvs.wire.Frame;
import org.ulvs.wire.Ipv4;
import org.ulvs.wire.Udp;

/** Finishes the checksum that a frame came with unfinished. */
public final class ChecksumOffload {
    private ChecksumOffload() {}

    /**
     * Finishes the checksum of an IPv4 frame, if it is unfinished, from the frame's offload facts; then the frame has
     * none of them. A frame whose facts point outside its packet keeps its bytes.
     */
    public static void finish(final Frame frame) {
        if (!frame.checksumPartial()) {
            return;
        }
        final UnsafeBuffer buffer = frame.buffer();
        final int ip = frame.offset() + Ethernet.LENGTH;
        final int end = ip + Ipv4.totalLength(buffer, ip);
        final int start = frame.offset() + frame.checksumStart();
        final int place = start + frame.checksumOffset();
        if (start >= ip + Ipv4.MIN_LENGTH && place >= start && place + 2 <= end) {
            final int sum = Checksums.complement(Checksums.sum(buffer, start, end - start));
            Udp.checksum(
                    buffer,
                    place - Udp.CHECKSUM_OFFSET,
                    frame.checksumOffset() == Udp.CHECKSUM_OFFSET ? Udp.wireChecksum(sum) : sum);
        }
        frame.plain();
    }
}
