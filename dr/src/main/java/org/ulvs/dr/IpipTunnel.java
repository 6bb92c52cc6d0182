// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.dr;

import org.agrona.concurrent.UnsafeBuffer;
import org.ulvs.wire.DropReason;
import org.ulvs.wire.Ethernet;
import org.ulvs.wire.Frame;
import org.ulvs.wire.Ipv4;
import org.ulvs.wire.PacketView;

/** IPv4 in IPv4 (RFC 2003), with the outer header that the kernel's director gives it. */
public final class IpipTunnel {
    /** Bytes that encapsulation adds. */
    public static final int OVERHEAD = Ipv4.MIN_LENGTH;

    private static final int ECN_MASK = 0x03;
    private static final int ECN_CE = 0x03;
    private static final int ECN_ECT0 = 0x02;

    private IpipTunnel() {}

    /**
     * Puts an outer header before the IPv4 packet of a frame, out of the frame's headroom. Time to live and DSCP are
     * those that the packet has now; the congestion mark follows RFC 6040's compatibility mode with CE sent as ECT(0).
     *
     * <p>A super-frame must have been cut into packets before: a {@code virtio_net_hdr} cannot say where the inner
     * header of a segment begins.
     *
     * @param id identification of the outer packet, used only if it may be fragmented
     * @param pmtuDiscovery whether "don't fragment" is copied to the outer header; without it the outer packet may be
     *     fragmented
     * @return {@link PacketView#OK} or the {@link DropReason#id()} of {@link DropReason#TOO_LARGE} or {@link
     *     DropReason#CANNOT_SEGMENT}; then the frame is as it was
     */
    public static int encapsulate(
            final Frame frame,
            final int outerSource,
            final int outerDestination,
            final int id,
            final boolean pmtuDiscovery) {
        return encapsulate(frame, 0, Ipv4.IPIP, outerSource, outerDestination, id, pmtuDiscovery);
    }

    /** As above, with {@code between} bytes, not yet written, between the outer header and the packet. */
    static int encapsulate(
            final Frame frame,
            final int between,
            final int protocol,
            final int outerSource,
            final int outerDestination,
            final int id,
            final boolean pmtuDiscovery) {
        if (frame.gsoType() != Frame.GSO_NONE) {
            return DropReason.CANNOT_SEGMENT.id();
        }
        final int overhead = OVERHEAD + between;
        final UnsafeBuffer buffer = frame.buffer();
        final int inner = frame.offset() + Ethernet.LENGTH;
        final int innerLength = Ipv4.totalLength(buffer, inner);
        if (frame.headroom() < overhead || innerLength + overhead > Ipv4.MAX_TOTAL_LENGTH) {
            return DropReason.TOO_LARGE.id();
        }
        final long destinationHardware = Ethernet.destination(buffer, frame.offset());
        final long sourceHardware = Ethernet.source(buffer, frame.offset());
        frame.push(overhead);
        Ethernet.destination(buffer, frame.offset(), destinationHardware);
        Ethernet.source(buffer, frame.offset(), sourceHardware);
        Ethernet.type(buffer, frame.offset(), Ethernet.TYPE_IPV4);
        // Ethernet padding of the inner frame must not become part of the outer one
        frame.length(Ethernet.LENGTH + overhead + innerLength);

        final int fragmentWord = pmtuDiscovery ? Ipv4.fragmentWord(buffer, inner) & Ipv4.DONT_FRAGMENT : 0;
        Ipv4.write(
                buffer,
                frame.offset() + Ethernet.LENGTH,
                outerTos(Ipv4.tos(buffer, inner)),
                innerLength + overhead,
                fragmentWord == 0 ? id : 0,
                fragmentWord,
                Ipv4.ttl(buffer, inner),
                protocol,
                outerSource,
                outerDestination);
        return PacketView.OK;
    }

    private static int outerTos(final int tos) {
        final int ecn = tos & ECN_MASK;
        return (tos & ~ECN_MASK) | (ecn == ECN_CE ? ECN_ECT0 : ecn);
    }
}
