// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.wire.reply;

import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.ulvs.wire.Checksums;
import org.ulvs.wire.Ethernet;
import org.ulvs.wire.Frame;
import org.ulvs.wire.FrameSink;
import org.ulvs.wire.Ipv4;
import org.ulvs.wire.PacketView;
import org.ulvs.wire.Tcp;

/** The reset that Linux answers a segment with that belongs to no connection (RFC 9293 3.10.7.1). */
public final class TcpReset {
    private static final int TTL = 64;
    private static final int ECN_MASK = 0x03;

    private TcpReset() {}

    /**
     * Makes the reset for a segment. Resets themselves are not to be answered: the caller has checked.
     *
     * @return the reset, addressed to where the frame came from, or {@code null} when the sink has no memory left
     */
    public static @Nullable Frame build(final FrameSink sink, final Frame cause, final PacketView view) {
        final int totalLength = Ipv4.MIN_LENGTH + Tcp.MIN_LENGTH;
        final Frame frame = sink.allocate(Ethernet.LENGTH + totalLength);
        if (frame == null) {
            return null;
        }
        Turn.ethernet(cause, frame);
        final UnsafeBuffer buffer = frame.buffer();
        final int ip = frame.offset() + Ethernet.LENGTH;
        final int source = view.destination();
        final int destination = view.source();
        final int tos = view.tos() & ~ECN_MASK;
        Ipv4.write(buffer, ip, tos, totalLength, 0, Ipv4.DONT_FRAGMENT, TTL, Ipv4.TCP, source, destination);
        final int tcp = ip + Ipv4.MIN_LENGTH;
        Tcp.sourcePort(buffer, tcp, view.destinationPort());
        Tcp.destinationPort(buffer, tcp, view.sourcePort());
        Tcp.headerLength(buffer, tcp, Tcp.MIN_LENGTH);
        final UnsafeBuffer received = cause.buffer();
        if ((view.tcpFlags() & Tcp.ACK) != 0) {
            Tcp.sequence(buffer, tcp, Tcp.acknowledgement(received, view.transportOffset()));
            Tcp.flags(buffer, tcp, Tcp.RST);
        } else {
            final int consumed = (view.tcpFlags() & Tcp.SYN) / Tcp.SYN + (view.tcpFlags() & Tcp.FIN);
            Tcp.acknowledgement(
                    buffer, tcp, Tcp.sequence(received, view.transportOffset()) + consumed + view.payloadLength());
            Tcp.flags(buffer, tcp, Tcp.RST | Tcp.ACK);
        }
        final int pseudo = Checksums.pseudoHeader(source, destination, Ipv4.TCP, Tcp.MIN_LENGTH);
        Tcp.checksum(
                buffer, tcp, Checksums.complement(Checksums.add(pseudo, Checksums.sum(buffer, tcp, Tcp.MIN_LENGTH))));
        return frame;
    }
}
