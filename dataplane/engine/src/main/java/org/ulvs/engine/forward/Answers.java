// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.forward;

import org.jspecify.annotations.Nullable;
import org.ulvs.wire.DropReason;
import org.ulvs.wire.EmbeddedHeader;
import org.ulvs.wire.Ethernet;
import org.ulvs.wire.Frame;
import org.ulvs.wire.Icmp;
import org.ulvs.wire.Ipv4;
import org.ulvs.wire.PacketView;
import org.ulvs.wire.Tcp;
import org.ulvs.wire.fragments.Fragmenter;
import org.ulvs.wire.reply.EchoReply;
import org.ulvs.wire.reply.IcmpError;
import org.ulvs.wire.reply.TcpReset;

/**
 * What the dataplane itself says: as the stack of a kernel director would for an address of its own. Everything but
 * echo replies is limited in rate. Owned by the worker.
 */
final class Answers {
    /** Every link takes a packet of this length: what we say is longer only in answer to an echo request. */
    private static final int SAFE_LENGTH = 576;

    private final Breath breath;
    private final PacketCounters counters;
    private final NextHops nextHops;
    private final OwnedAddresses owned;
    private final RateLimit errors;
    private final RateLimit resets;
    private final Fragmenter fragmenter = new Fragmenter();
    private final NextHops.Hop hop = new NextHops.Hop();
    private int id;

    Answers(
            Breath breath,
            PacketCounters counters,
            NextHops nextHops,
            OwnedAddresses owned,
            RateLimit errors,
            RateLimit resets) {
        this.breath = breath;
        this.counters = counters;
        this.nextHops = nextHops;
        this.owned = owned;
        this.errors = errors;
        this.resets = resets;
    }

    /**
     * Answers a packet to an owned address that no service wants: RST to TCP, port unreachable to UDP, reply to echo;
     * protocol unreachable to others. Counts what becomes of the frame.
     */
    void asLocalStack(Frame frame, PacketView view) {
        switch (view.protocol()) {
            case Ipv4.TCP -> reset(frame, view);
            case Ipv4.UDP -> datagram(frame, view);
            case Ipv4.ICMP -> echo(frame, view);
            default -> answerWithError(frame, view, Icmp.CODE_PROTOCOL_UNREACHABLE);
        }
    }

    private void reset(Frame frame, PacketView view) {
        if ((view.tcpFlags() & Tcp.RST) != 0) {
            counters.dropped(DropReason.NO_CONNECTION);
        } else if (!view.isTransportChecksumValid()) {
            counters.dropped(DropReason.BAD_TRANSPORT_CHECKSUM);
        } else if (!resets.tryTake(breath.nowNs())) {
            counters.dropped(DropReason.RATE_LIMITED);
        } else {
            answer(TcpReset.build(breath.sink(), frame, view));
        }
    }

    private void datagram(Frame frame, PacketView view) {
        if (!view.isTransportChecksumValid()) {
            counters.dropped(DropReason.BAD_TRANSPORT_CHECKSUM);
        } else {
            answerWithError(frame, view, Icmp.CODE_PORT_UNREACHABLE);
        }
    }

    private void echo(Frame frame, PacketView view) {
        if (view.icmpType() != Icmp.ECHO_REQUEST || view.isFragment()) {
            counters.dropped(DropReason.NO_CONNECTION);
        } else if (!view.isIcmpChecksumValid()) {
            counters.dropped(DropReason.BAD_ICMP_CHECKSUM);
        } else {
            answer(EchoReply.build(breath.sink(), frame, view, nextId()));
        }
    }

    /**
     * Tells the client whose packet we tunnelled about an error that a router sent us.
     *
     * @param error from the router
     * @param inner the client's packet that it quotes inside ours
     * @return whether the client was told
     */
    boolean relay(Frame error, EmbeddedHeader inner, int type, int code, int rest) {
        if (!errors.tryTake(breath.nowNs()) || nextHops.lookup(inner.source(), hop) != NextHops.FORWARD) {
            return false;
        }
        final Frame relayed =
                IcmpError.relay(breath.sink(), error, inner, type, code, rest, inner.destination(), nextId());
        if (relayed == null) {
            return false;
        }
        Ethernet.destination(relayed.buffer(), relayed.offset(), hop.destinationMac);
        Ethernet.source(relayed.buffer(), relayed.offset(), hop.sourceMac);
        relayed.port(hop.port);
        send(relayed);
        return true;
    }

    private void answerWithError(Frame frame, PacketView view, int code) {
        if (!IcmpError.isPermitted(frame, view)) {
            counters.dropped(DropReason.NO_CONNECTION);
        } else if (!errors.tryTake(breath.nowNs())) {
            counters.dropped(DropReason.RATE_LIMITED);
        } else {
            answer(IcmpError.build(
                    breath.sink(), frame, view, Icmp.UNREACHABLE, code, 0, sourceFor(frame, view), nextId()));
        }
    }

    private void answer(@Nullable Frame reply) {
        if (reply == null) {
            counters.dropped(DropReason.NO_SCRATCH);
            return;
        }
        counters.answered();
        send(reply);
    }

    private void send(Frame frame) {
        counters.originated();
        if (frame.length() - Ethernet.LENGTH > SAFE_LENGTH
                && nextHops.lookup(Ipv4.destination(frame.buffer(), frame.offset() + Ethernet.LENGTH), hop)
                        == NextHops.FORWARD
                && frame.length() - Ethernet.LENGTH > hop.mtu) {
            // only an echo reply can be so large
            fragmenter.fragment(frame, hop.mtu, breath.sink(), frame.port());
        } else {
            breath.sink().send(frame, frame.port());
        }
    }

    /** Port unreachable about a packet that is dropped and counted by the caller. */
    void portUnreachable(Frame frame, PacketView view) {
        about(frame, view, Icmp.UNREACHABLE, Icmp.CODE_PORT_UNREACHABLE, 0);
    }

    /** Time exceeded about a packet that is dropped and counted by the caller. */
    void timeExceeded(Frame frame, PacketView view) {
        about(frame, view, Icmp.TIME_EXCEEDED, Icmp.CODE_TTL, 0);
    }

    /** Fragmentation needed about a packet that is dropped and counted by the caller. */
    void fragmentationNeeded(Frame frame, PacketView view, int mtu) {
        about(frame, view, Icmp.UNREACHABLE, Icmp.CODE_FRAGMENTATION_NEEDED, mtu & 0xFFFF);
    }

    /** Time exceeded in reassembly, about the first fragment of a datagram. */
    void reassemblyTimeExceeded(Frame frame, PacketView view) {
        about(frame, view, Icmp.TIME_EXCEEDED, Icmp.CODE_REASSEMBLY, 0);
    }

    private void about(Frame frame, PacketView view, int type, int code, int rest) {
        if (!IcmpError.isPermitted(frame, view) || !errors.tryTake(breath.nowNs())) {
            return;
        }
        final Frame error =
                IcmpError.build(breath.sink(), frame, view, type, code, rest, sourceFor(frame, view), nextId());
        if (error != null) {
            send(error);
        }
    }

    /** The address that the packet was sent to where that is ours, else ours on the interface that it came from. */
    private int sourceFor(Frame frame, PacketView view) {
        final int address = nextHops.portAddress(frame.port());
        return ownAddress(view.destination(), address != 0 ? address : view.destination());
    }

    /** The destination of a packet if it is an address of ours, else another. */
    int ownAddress(int destination, int other) {
        return owned.contains(destination) || breath.services().isVirtualAddress(destination) ? destination : other;
    }

    int nextId() {
        id = (id + 1) & 0xFFFF;
        return id;
    }
}
