// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.dr;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.concurrent.UnsafeBuffer;
import org.ulvs.wire.Checksums;
import org.ulvs.wire.Ethernet;
import org.ulvs.wire.Frame;
import org.ulvs.wire.Ipv4;
import org.ulvs.wire.PacketView;
import org.ulvs.wire.Udp;
import org.ulvs.wire.offload.ChecksumOffload;

/**
 * The tunnels that {@code ipvsadm --tun-type} names, with the headers that the kernel's director writes: IP in IP, GRE
 * (RFC 2784) without key and sequence number, and generic UDP encapsulation (version 0, no options).
 */
public final class Tunnel {
    /** IP in IP. */
    public static final int IPIP = 0;
    /** Generic UDP encapsulation. */
    public static final int GUE = 1;
    /** Generic routing encapsulation. */
    public static final int GRE = 2;
    /** Flag: with a checksum over what is carried. */
    public static final int CHECKSUM = 1;
    /**
     * Flag: as {@link #CHECKSUM}; the kernel leaves the inner checksum to the other end where its hardware would have
     * computed it, here it is always complete.
     */
    public static final int REMOTE_CHECKSUM = 2;

    private static final int GUE_LENGTH = 4;
    private static final int GRE_LENGTH = 4;
    private static final int GRE_CHECKSUM_LENGTH = 4;
    private static final int GRE_CHECKSUM_PRESENT = 0x8000;
    private static final int GRE_PROTOCOL = 47;
    private static final int FIRST_SOURCE_PORT = 32_768;
    private static final int SOURCE_PORTS = 28_231;
    private static final int MULTIPLIER = 0x9E37_79B9;

    private Tunnel() {}

    /** Bytes that encapsulation adds. */
    public static int overhead(final int type, final int flags) {
        return IpipTunnel.OVERHEAD + between(type, flags);
    }

    private static int between(final int type, final int flags) {
        return switch (type) {
            case GUE -> Udp.LENGTH + GUE_LENGTH;
            case GRE -> GRE_LENGTH + ((flags & CHECKSUM) != 0 ? GRE_CHECKSUM_LENGTH : 0);
            default -> 0;
        };
    }

    /**
     * Puts the headers of a tunnel before the IPv4 packet of a frame, as {@link IpipTunnel#encapsulate}.
     *
     * @param type one of the constants
     * @param port of the other end, of a GUE tunnel
     * @param flags of the constants
     * @return {@link PacketView#OK} or the id of a drop reason; then the frame is as it was
     */
    public static int encapsulate(
            final Frame frame,
            final int type,
            final int port,
            final int flags,
            final int outerSource,
            final int outerDestination,
            final int id,
            final boolean pmtuDiscovery) {
        if (type == IPIP) {
            return IpipTunnel.encapsulate(frame, outerSource, outerDestination, id, pmtuDiscovery);
        }
        if (frame.gsoType() == Frame.GSO_NONE) {
            ChecksumOffload.finish(frame);
        }
        final int between = between(type, flags);
        final int refusal = IpipTunnel.encapsulate(
                frame,
                between,
                type == GUE ? Ipv4.UDP : GRE_PROTOCOL,
                outerSource,
                outerDestination,
                id,
                pmtuDiscovery);
        if (refusal != PacketView.OK) {
            return refusal;
        }
        final int start = frame.offset() + Ethernet.LENGTH + IpipTunnel.OVERHEAD;
        final int length = frame.length() - Ethernet.LENGTH - IpipTunnel.OVERHEAD;
        if (type == GUE) {
            writeGue(frame.buffer(), start, length, port, flags, outerSource, outerDestination);
        } else {
            writeGre(frame.buffer(), start, length, flags);
        }
        return PacketView.OK;
    }

    private static void writeGue(
            final UnsafeBuffer buffer,
            final int udp,
            final int length,
            final int port,
            final int flags,
            final int source,
            final int destination) {
        Udp.sourcePort(buffer, udp, sourcePort(buffer, udp + Udp.LENGTH + GUE_LENGTH));
        Udp.destinationPort(buffer, udp, port);
        Udp.length(buffer, udp, length);
        Udp.checksum(buffer, udp, 0);
        // version 0, data, no options; protocol; no flags
        buffer.putInt(udp + Udp.LENGTH, Ipv4.IPIP << 16, BIG_ENDIAN);
        if ((flags & (CHECKSUM | REMOTE_CHECKSUM)) != 0) {
            final int pseudo = Checksums.pseudoHeader(source, destination, Ipv4.UDP, length);
            final int sum = Checksums.complement(Checksums.add(pseudo, Checksums.sum(buffer, udp, length)));
            Udp.checksum(buffer, udp, Udp.wireChecksum(sum));
        }
    }

    /** One port for one flow, so that what spreads packets by ports on the way keeps their order. */
    private static int sourcePort(final UnsafeBuffer buffer, final int inner) {
        final int ports = buffer.getInt(inner + Ipv4.headerLength(buffer, inner));
        int hash = (Ipv4.source(buffer, inner) * 31 + Ipv4.destination(buffer, inner)) * 31 + ports * MULTIPLIER;
        hash *= MULTIPLIER;
        return FIRST_SOURCE_PORT + (int) (((hash & 0xFFFF_FFFFL) * SOURCE_PORTS) >>> 32);
    }

    private static void writeGre(final UnsafeBuffer buffer, final int gre, final int length, final int flags) {
        final boolean checksum = (flags & CHECKSUM) != 0;
        buffer.putInt(gre, (checksum ? GRE_CHECKSUM_PRESENT << 16 : 0) | Ethernet.TYPE_IPV4, BIG_ENDIAN);
        if (checksum) {
            buffer.putInt(gre + GRE_LENGTH, 0);
            final int sum = Checksums.complement(Checksums.sum(buffer, gre, length));
            buffer.putShort(gre + GRE_LENGTH, (short) sum, BIG_ENDIAN);
        }
    }
}
