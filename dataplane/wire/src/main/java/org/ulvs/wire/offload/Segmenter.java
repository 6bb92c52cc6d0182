// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.wire.offload;

import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.ulvs.wire.Checksums;
import org.ulvs.wire.DropReason;
import org.ulvs.wire.Ethernet;
import org.ulvs.wire.Frame;
import org.ulvs.wire.FrameSink;
import org.ulvs.wire.Ipv4;
import org.ulvs.wire.PacketView;
import org.ulvs.wire.Tcp;
import org.ulvs.wire.Udp;

/**
 * Cuts a super-frame of TCP segments or UDP datagrams into the packets that it stands for, each with complete headers
 * and checksums, as the kernel's software segmentation does: identifications count up, FIN and PSH go with the last
 * segment, CWR with the first. Needed where a super-frame cannot leave as one, for instance into a tunnel.
 *
 * <p>Use: {@link #start} once, then {@link #next} until it gives {@code null}; {@link #isFinished} tells whether that
 * was the end or the sink's memory was used up. Reused; owned by one worker thread.
 */
public final class Segmenter {
    private @Nullable Frame frame;
    private int ip;
    private int transport;
    private int payload;
    private int end;
    private int protocol;
    private int segmentPayload;
    private int index;
    private int position;

    /** Creates a segmenter that has nothing to cut. */
    public Segmenter() {}

    /**
     * Takes up a super-frame; it must stay as it is until the last segment has been taken.
     *
     * @param view of the frame; addresses and ports may have been rewritten since it was parsed
     * @param maxPacketLength most bytes of an IP packet; a segment gets no larger, even if the frame's facts allow it
     * @return {@link PacketView#OK}, or the {@link DropReason#id()} of {@link DropReason#CANNOT_SEGMENT}
     */
    public int start(final Frame frame, final PacketView view, final int maxPacketLength) {
        this.frame = null;
        final int type = frame.gsoType() & ~Frame.GSO_ECN;
        final boolean known = (type == Frame.GSO_TCPV4 && view.protocol() == Ipv4.TCP)
                || (type == Frame.GSO_UDP_L4 && view.protocol() == Ipv4.UDP);
        final int headers = view.payloadOffset() - view.ipOffset();
        // UDP datagrams must keep their size: smaller ones would be other datagrams
        final int size =
                type == Frame.GSO_TCPV4 ? Math.min(frame.gsoSize(), maxPacketLength - headers) : frame.gsoSize();
        if (!known || view.isFragment() || size <= 0 || headers + size > maxPacketLength) {
            return DropReason.CANNOT_SEGMENT.id();
        }
        this.frame = frame;
        ip = view.ipOffset();
        transport = view.transportOffset();
        payload = view.payloadOffset();
        end = ip + view.totalLength();
        protocol = view.protocol();
        segmentPayload = size;
        index = 0;
        position = payload;
        return PacketView.OK;
    }

    /** Whether every byte of the super-frame has been given out. */
    public boolean isFinished() {
        return frame == null;
    }

    /** The next segment, with the hardware addresses and port of all; {@code null} at the end or without memory. */
    public @Nullable Frame next(final FrameSink sink) {
        final Frame whole = frame;
        if (whole == null) {
            return null;
        }
        final int headers = payload - ip;
        final int length = Math.min(segmentPayload, end - position);
        final Frame segment = sink.allocate(Ethernet.LENGTH + headers + length);
        if (segment == null) {
            return null;
        }
        final UnsafeBuffer from = whole.buffer();
        final UnsafeBuffer to = segment.buffer();
        final int toIp = segment.offset() + Ethernet.LENGTH;
        final int toTransport = toIp + transport - ip;
        to.putBytes(segment.offset(), from, ip - Ethernet.LENGTH, Ethernet.LENGTH + headers);
        to.putBytes(toIp + headers, from, position, length);
        segment.port(whole.port());

        Ipv4.totalLength(to, toIp, headers + length);
        Ipv4.id(to, toIp, Ipv4.id(from, ip) + index);
        Ipv4.writeChecksum(to, toIp);
        final int transportLength = headers - (transport - ip) + length;
        final int pseudo =
                Checksums.pseudoHeader(Ipv4.source(to, toIp), Ipv4.destination(to, toIp), protocol, transportLength);
        final boolean last = position + length == end;
        if (protocol == Ipv4.TCP) {
            writeTcp(to, toTransport, transportLength, pseudo, last);
        } else {
            Udp.length(to, toTransport, transportLength);
            Udp.checksum(to, toTransport, 0);
            Udp.checksum(to, toTransport, Udp.wireChecksum(checksum(to, toTransport, transportLength, pseudo)));
        }
        index++;
        position += length;
        if (last) {
            frame = null;
        }
        return segment;
    }

    private void writeTcp(
            final UnsafeBuffer to, final int tcp, final int length, final int pseudo, final boolean last) {
        Tcp.sequence(to, tcp, Tcp.sequence(to, tcp) + (position - payload));
        int flags = Tcp.flags(to, tcp);
        if (!last) {
            flags &= ~(Tcp.FIN | Tcp.PSH);
        }
        if (index > 0) {
            flags &= ~Tcp.CWR;
        }
        Tcp.flags(to, tcp, flags);
        Tcp.checksum(to, tcp, 0);
        Tcp.checksum(to, tcp, checksum(to, tcp, length, pseudo));
    }

    private static int checksum(final UnsafeBuffer buffer, final int transport, final int length, final int pseudo) {
        return Checksums.complement(Checksums.add(pseudo, Checksums.sum(buffer, transport, length)));
    }
}
