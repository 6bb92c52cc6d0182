// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.nat;

import org.agrona.concurrent.UnsafeBuffer;
import org.ulvs.wire.Checksums;
import org.ulvs.wire.DropReason;
import org.ulvs.wire.EmbeddedHeader;
import org.ulvs.wire.Frame;
import org.ulvs.wire.Icmp;
import org.ulvs.wire.Ipv4;
import org.ulvs.wire.PacketView;
import org.ulvs.wire.Udp;

/**
 * Translates an ICMP error about a masqueraded packet, so that whoever sent that packet recognises what is quoted. The
 * quoted packet's own TCP or UDP checksum is left as it is, as the kernel leaves it.
 *
 * <p>Before translating, the message's checksum is verified; a message with a wrong one is not touched.
 */
public final class IcmpTranslation {
    private IcmpTranslation() {}

    /**
     * An error from the client's side about a reply: it quotes a packet from the virtual service to the client.
     *
     * @param address the real server's
     * @param port the real server's
     * @return {@link PacketView#OK} or a {@link DropReason#id()}
     */
    public static int toServer(
            final Frame frame,
            final PacketView view,
            final EmbeddedHeader embedded,
            final int address,
            final int port) {
        if (!view.isIcmpChecksumValid()) {
            return DropReason.BAD_ICMP_CHECKSUM.id();
        }
        final UnsafeBuffer buffer = frame.buffer();
        final int ip = view.ipOffset();
        Ipv4.checksum(buffer, ip, Checksums.update32(Ipv4.checksum(buffer, ip), Ipv4.destination(buffer, ip), address));
        Ipv4.destination(buffer, ip, address);

        final int quoted = embedded.offset();
        final int from = Ipv4.source(buffer, quoted);
        Ipv4.source(buffer, quoted, address);
        final int fromPort = embedded.hasPorts() ? embedded.sourcePort() : port;
        if (embedded.hasPorts()) {
            Udp.sourcePort(buffer, quoted + embedded.headerLength(), port);
        }
        finish(buffer, view, quoted, from, address, fromPort, port);
        return PacketView.OK;
    }

    /**
     * An error from the real servers' side about a request: it quotes a packet from the client to the real server. It
     * leaves with the virtual address as its source, whoever sent it.
     *
     * @param address the virtual service's
     * @param port the virtual service's
     * @return {@link PacketView#OK} or a {@link DropReason#id()}
     */
    public static int toClient(
            final Frame frame,
            final PacketView view,
            final EmbeddedHeader embedded,
            final int address,
            final int port) {
        if (!view.isIcmpChecksumValid()) {
            return DropReason.BAD_ICMP_CHECKSUM.id();
        }
        final UnsafeBuffer buffer = frame.buffer();
        final int ip = view.ipOffset();
        Ipv4.checksum(buffer, ip, Checksums.update32(Ipv4.checksum(buffer, ip), Ipv4.source(buffer, ip), address));
        Ipv4.source(buffer, ip, address);

        final int quoted = embedded.offset();
        final int from = Ipv4.destination(buffer, quoted);
        Ipv4.destination(buffer, quoted, address);
        final int fromPort = embedded.hasPorts() ? embedded.destinationPort() : port;
        if (embedded.hasPorts()) {
            Udp.destinationPort(buffer, quoted + embedded.headerLength(), port);
        }
        finish(buffer, view, quoted, from, address, fromPort, port);
        return PacketView.OK;
    }

    private static void finish(
            final UnsafeBuffer buffer,
            final PacketView view,
            final int quoted,
            final int from,
            final int to,
            final int fromPort,
            final int toPort) {
        final int fromChecksum = Ipv4.checksum(buffer, quoted);
        Ipv4.writeChecksum(buffer, quoted);
        final int icmp = view.transportOffset();
        final int translated = Checksums.update(Icmp.checksum(buffer, icmp), from, to, fromPort, toPort);
        Icmp.checksum(buffer, icmp, Checksums.update16(translated, fromChecksum, Ipv4.checksum(buffer, quoted)));
    }
}
