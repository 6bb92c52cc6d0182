// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.wire.reply;

import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.ulvs.wire.EmbeddedHeader;
import org.ulvs.wire.Ethernet;
import org.ulvs.wire.Frame;
import org.ulvs.wire.FrameSink;
import org.ulvs.wire.Icmp;
import org.ulvs.wire.Ipv4;
import org.ulvs.wire.PacketView;

/** ICMP errors about a packet, as Linux forms them: at most 576 bytes, with internetwork-control precedence. */
public final class IcmpError {
    private static final int MAX_TOTAL_LENGTH = 576;
    private static final int TTL = 64;
    private static final int PRECEDENCE = 0xC0;
    private static final int TOS_MASK = 0x1E;
    private static final int LOOPBACK = 127;

    private IcmpError() {}

    /**
     * Whether an error may be sent about a packet (RFC 1122 3.2.2): not about errors, later fragments, frames for a
     * group, or packets whose source is nobody's.
     */
    public static boolean isPermitted(final Frame cause, final PacketView view) {
        final UnsafeBuffer buffer = cause.buffer();
        final boolean aboutError = view.protocol() == Ipv4.ICMP
                && !view.isFragment()
                && view.icmpType() != Icmp.ECHO_REQUEST
                && view.icmpType() != Icmp.ECHO_REPLY
                && (Icmp.isError(view.icmpType()) || view.icmpType() > 18);
        return !aboutError
                && view.fragmentOffset() == 0
                && !Ethernet.isGroup(Ethernet.destination(buffer, cause.offset()))
                && isHost(view.source())
                && view.destination() >>> 28 < 0xE;
    }

    private static boolean isHost(final int address) {
        return address >>> 24 != 0 && address >>> 24 != LOOPBACK && address >>> 28 < 0xE;
    }

    /**
     * Makes "port unreachable" (3/3).
     *
     * @see #build
     */
    public static @Nullable Frame portUnreachable(
            final FrameSink sink, final Frame cause, final PacketView view, final int source, final int id) {
        return build(sink, cause, view, Icmp.UNREACHABLE, Icmp.CODE_PORT_UNREACHABLE, 0, source, id);
    }

    /**
     * Makes "fragmentation needed" (3/4) with the MTU of the next link.
     *
     * @see #build
     */
    public static @Nullable Frame fragmentationNeeded(
            final FrameSink sink,
            final Frame cause,
            final PacketView view,
            final int mtu,
            final int source,
            final int id) {
        return build(sink, cause, view, Icmp.UNREACHABLE, Icmp.CODE_FRAGMENTATION_NEEDED, mtu & 0xFFFF, source, id);
    }

    /**
     * Makes "time exceeded in transit" (11/0).
     *
     * @see #build
     */
    public static @Nullable Frame timeExceeded(
            final FrameSink sink, final Frame cause, final PacketView view, final int source, final int id) {
        return build(sink, cause, view, Icmp.TIME_EXCEEDED, Icmp.CODE_TTL, 0, source, id);
    }

    /**
     * Makes an error that quotes the packet as it now is in its frame. The caller has asked {@link #isPermitted}.
     *
     * @param sink gives the memory; the frame is not sent
     * @param rest second word of the ICMP header
     * @param source address that the error comes from
     * @param id identification of the IP packet
     * @return the error, addressed to where the frame came from (port, and hardware addresses exchanged), or {@code
     *     null} when the sink has no memory left
     */
    public static @Nullable Frame build(
            final FrameSink sink,
            final Frame cause,
            final PacketView view,
            final int type,
            final int code,
            final int rest,
            final int source,
            final int id) {
        final int tos = Ipv4.tos(cause.buffer(), view.ipOffset());
        return build(
                sink, cause, view.ipOffset(), view.totalLength(), tos, type, code, rest, source, view.source(), id);
    }

    /**
     * Makes an error about a packet that {@code error} quotes, for that packet's sender: a router complained to us
     * about a tunnel packet of ours, and the client inside is the one to be told.
     *
     * @param inner the quoted packet that the client sent
     * @return the error, addressed to where {@code error} came from, or {@code null} when the sink has no memory
     */
    public static @Nullable Frame relay(
            final FrameSink sink,
            final Frame error,
            final EmbeddedHeader inner,
            final int type,
            final int code,
            final int rest,
            final int source,
            final int id) {
        final int tos = Ipv4.tos(error.buffer(), inner.offset());
        final int length = inner.limit() - inner.offset();
        return build(sink, error, inner.offset(), length, tos, type, code, rest, source, inner.source(), id);
    }

    private static @Nullable Frame build(
            final FrameSink sink,
            final Frame cause,
            final int offset,
            final int length,
            final int causeTos,
            final int type,
            final int code,
            final int rest,
            final int source,
            final int destination,
            final int id) {
        final int quoted = Math.min(length, MAX_TOTAL_LENGTH - Ipv4.MIN_LENGTH - Icmp.LENGTH);
        final int totalLength = Ipv4.MIN_LENGTH + Icmp.LENGTH + quoted;
        final Frame frame = sink.allocate(Ethernet.LENGTH + totalLength);
        if (frame == null) {
            return null;
        }
        Turn.ethernet(cause, frame);
        final UnsafeBuffer buffer = frame.buffer();
        final int ip = frame.offset() + Ethernet.LENGTH;
        final int tos = (causeTos & TOS_MASK) | PRECEDENCE;
        Ipv4.write(buffer, ip, tos, totalLength, id, 0, TTL, Ipv4.ICMP, source, destination);
        final int icmp = ip + Ipv4.MIN_LENGTH;
        Icmp.type(buffer, icmp, type);
        Icmp.code(buffer, icmp, code);
        Icmp.rest(buffer, icmp, rest);
        buffer.putBytes(icmp + Icmp.LENGTH, cause.buffer(), offset, quoted);
        Icmp.writeChecksum(buffer, icmp, Icmp.LENGTH + quoted);
        return frame;
    }
}
