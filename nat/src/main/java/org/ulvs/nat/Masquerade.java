// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.nat;

import org.agrona.concurrent.UnsafeBuffer;
import org.ulvs.wire.Checksums;
import org.ulvs.wire.Frame;
import org.ulvs.wire.Ipv4;
import org.ulvs.wire.PacketView;
import org.ulvs.wire.Sctp;
import org.ulvs.wire.Tcp;
import org.ulvs.wire.Udp;

/**
 * Puts another address and port into a packet and updates its checksums, in place.
 *
 * <p>As the kernel does: a wrong TCP or UDP checksum stays wrong by the same difference; an unfinished checksum stays
 * unfinished, with the pseudo header's sum updated; a UDP checksum of 0 is replaced by a computed one; SCTP's is
 * computed anew when a port changes. Of a fragmented datagram only the first fragment has ports; it must carry them
 * whole, and a UDP checksum of 0 stays 0 there, since the fragment alone cannot tell the sum.
 *
 * <p>The old values are taken from the frame, so that source and destination may both be rewritten after one parse.
 */
public final class Masquerade {
    private Masquerade() {}

    /** Rewrites the destination; {@code port} is without effect for protocols without ports. */
    public static void rewriteDestination(final Frame frame, final PacketView view, final int address, final int port) {
        rewrite(frame.buffer(), view, false, address, port);
    }

    /** Rewrites the source; {@code port} is without effect for protocols without ports. */
    public static void rewriteSource(final Frame frame, final PacketView view, final int address, final int port) {
        rewrite(frame.buffer(), view, true, address, port);
    }

    private static void rewrite(
            final UnsafeBuffer buffer,
            final PacketView view,
            final boolean isSource,
            final int address,
            final int port) {
        final int ip = view.ipOffset();
        final int from = isSource ? Ipv4.source(buffer, ip) : Ipv4.destination(buffer, ip);
        if (isSource) {
            Ipv4.source(buffer, ip, address);
        } else {
            Ipv4.destination(buffer, ip, address);
        }
        Ipv4.checksum(buffer, ip, Checksums.update32(Ipv4.checksum(buffer, ip), from, address));
        if (view.fragmentOffset() != 0) {
            return;
        }
        final int protocol = view.protocol();
        if (protocol == Ipv4.TCP) {
            rewriteTcp(buffer, view, from, address, isSource, port);
        } else if (protocol == Ipv4.UDP) {
            rewriteUdp(buffer, view, from, address, isSource, port);
        } else if (protocol == Ipv4.SCTP) {
            rewriteSctp(buffer, view, isSource, port);
        }
    }

    private static void rewriteTcp(
            final UnsafeBuffer buffer,
            final PacketView view,
            final int from,
            final int to,
            final boolean isSource,
            final int port) {
        final int tcp = view.transportOffset();
        if (view.transportLength() < Tcp.CHECKSUM_OFFSET + 2) {
            return;
        }
        final int fromPort = replacePort(buffer, tcp, isSource, port);
        final int checksum = Tcp.checksum(buffer, tcp);
        Tcp.checksum(
                buffer,
                tcp,
                view.isChecksumPartial()
                        ? Checksums.replace32(checksum, from, to)
                        : Checksums.update(checksum, from, to, fromPort, port));
    }

    private static void rewriteUdp(
            final UnsafeBuffer buffer,
            final PacketView view,
            final int from,
            final int to,
            final boolean isSource,
            final int port) {
        final int udp = view.transportOffset();
        if (view.transportLength() < Udp.LENGTH) {
            return;
        }
        final int fromPort = replacePort(buffer, udp, isSource, port);
        final int checksum = Udp.checksum(buffer, udp);
        if (view.isChecksumPartial()) {
            Udp.checksum(buffer, udp, Checksums.replace32(checksum, from, to));
        } else if (checksum != 0) {
            Udp.checksum(buffer, udp, Udp.wireChecksum(Checksums.update(checksum, from, to, fromPort, port)));
        } else if (!view.isFragment()) {
            final int ip = view.ipOffset();
            final int length = view.transportLength();
            final int pseudo =
                    Checksums.pseudoHeader(Ipv4.source(buffer, ip), Ipv4.destination(buffer, ip), Ipv4.UDP, length);
            final int sum = Checksums.add(pseudo, Checksums.sum(buffer, udp, length));
            Udp.checksum(buffer, udp, Udp.wireChecksum(Checksums.complement(sum)));
        }
    }

    private static void rewriteSctp(
            final UnsafeBuffer buffer, final PacketView view, final boolean isSource, final int port) {
        final int sctp = view.transportOffset();
        if (view.transportLength() < Sctp.LENGTH) {
            return;
        }
        final int fromPort = replacePort(buffer, sctp, isSource, port);
        if (fromPort != port && !view.isChecksumPartial() && !view.isFragment()) {
            Sctp.writeChecksum(buffer, sctp, view.transportLength());
        }
    }

    /** TCP, UDP and SCTP have their ports at the same place. */
    private static int replacePort(
            final UnsafeBuffer buffer, final int transport, final boolean isSource, final int port) {
        final int from;
        if (isSource) {
            from = Udp.sourcePort(buffer, transport);
            Udp.sourcePort(buffer, transport, port);
        } else {
            from = Udp.destinationPort(buffer, transport);
            Udp.destinationPort(buffer, transport, port);
        }
        return from;
    }
}
