// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.wire.reply;

import org.jspecify.annotations.Nullable;
import org.ulvs.wire.Arp;
import org.ulvs.wire.Ethernet;
import org.ulvs.wire.Frame;
import org.ulvs.wire.FrameSink;

/** ARP packets of our own. Each method gives {@code null} when the sink has no memory left. */
public final class ArpMessage {
    private ArpMessage() {}

    /** Answers a request in {@code request}: its target address is at {@code hardware}. */
    public static @Nullable Frame reply(final FrameSink sink, final Frame request, final long hardware) {
        final int arp = request.offset() + Ethernet.LENGTH;
        final long asker = Arp.senderHardware(request.buffer(), arp);
        final int askerAddress = Arp.sender(request.buffer(), arp);
        final int wanted = Arp.target(request.buffer(), arp);
        return build(sink, request.port(), asker, Arp.REPLY, hardware, wanted, asker, askerAddress);
    }

    /** Asks everybody at {@code port} for the hardware address of {@code target}. */
    public static @Nullable Frame request(
            final FrameSink sink, final int port, final long hardware, final int sender, final int target) {
        return build(sink, port, Ethernet.BROADCAST, Arp.REQUEST, hardware, sender, 0, target);
    }

    /** Asks a known neighbour whether it is still at its hardware address. */
    public static @Nullable Frame probe(
            final FrameSink sink,
            final int port,
            final long hardware,
            final int sender,
            final int target,
            final long targetHardware) {
        return build(sink, port, targetHardware, Arp.REQUEST, hardware, sender, 0, target);
    }

    /** Announces that {@code address} is at {@code hardware}, in the form of a request (RFC 5227 announcement). */
    public static @Nullable Frame gratuitousRequest(
            final FrameSink sink, final int port, final long hardware, final int address) {
        return build(sink, port, Ethernet.BROADCAST, Arp.REQUEST, hardware, address, 0, address);
    }

    /** Announces that {@code address} is at {@code hardware}, in the form of a reply to everybody. */
    public static @Nullable Frame gratuitousReply(
            final FrameSink sink, final int port, final long hardware, final int address) {
        return build(sink, port, Ethernet.BROADCAST, Arp.REPLY, hardware, address, Ethernet.BROADCAST, address);
    }

    private static @Nullable Frame build(
            final FrameSink sink,
            final int port,
            final long destination,
            final int operation,
            final long senderHardware,
            final int sender,
            final long targetHardware,
            final int target) {
        final Frame frame = sink.allocate(Ethernet.LENGTH + Arp.LENGTH);
        if (frame == null) {
            return null;
        }
        Ethernet.destination(frame.buffer(), frame.offset(), destination);
        Ethernet.source(frame.buffer(), frame.offset(), senderHardware);
        Ethernet.type(frame.buffer(), frame.offset(), Ethernet.TYPE_ARP);
        Arp.write(
                frame.buffer(),
                frame.offset() + Ethernet.LENGTH,
                operation,
                senderHardware,
                sender,
                targetHardware,
                target);
        frame.port(port);
        return frame;
    }
}
