// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.wire.reply;

import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.ulvs.wire.Ethernet;
import org.ulvs.wire.Frame;
import org.ulvs.wire.FrameSink;
import org.ulvs.wire.Icmp;
import org.ulvs.wire.Ipv4;
import org.ulvs.wire.PacketView;

/** The answer to an ICMP echo request, in the form that Linux gives it. */
public final class EchoReply {
    private static final int TTL = 64;

    private EchoReply() {}

    /**
     * Makes the answer to an echo request. The caller has checked type and checksum.
     *
     * @param id identification of the IP packet
     * @return the reply, addressed to where the frame came from, or {@code null} when the sink has no memory left
     */
    public static @Nullable Frame build(
            final FrameSink sink, final Frame request, final PacketView view, final int id) {
        final int length = view.transportLength();
        final int totalLength = Ipv4.MIN_LENGTH + length;
        final Frame frame = sink.allocate(Ethernet.LENGTH + totalLength);
        if (frame == null) {
            return null;
        }
        Turn.ethernet(request, frame);
        final UnsafeBuffer buffer = frame.buffer();
        final int ip = frame.offset() + Ethernet.LENGTH;
        Ipv4.write(buffer, ip, view.tos(), totalLength, id, 0, TTL, Ipv4.ICMP, view.destination(), view.source());
        final int icmp = ip + Ipv4.MIN_LENGTH;
        buffer.putBytes(icmp, request.buffer(), view.transportOffset(), length);
        Icmp.type(buffer, icmp, Icmp.ECHO_REPLY);
        Icmp.writeChecksum(buffer, icmp, length);
        return frame;
    }
}
