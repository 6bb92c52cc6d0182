// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.forward;

import static org.ulvs.cnc.ConnectionLayout.*;

import org.agrona.concurrent.UnsafeBuffer;
import org.ulvs.cnc.ServerSpec;
import org.ulvs.dr.DirectRouting;
import org.ulvs.dr.IpipTunnel;
import org.ulvs.engine.connection.ConnectionTable;
import org.ulvs.engine.table.RealServer;
import org.ulvs.engine.table.Tunables;
import org.ulvs.engine.table.Tunables.Tunable;
import org.ulvs.nat.Masquerade;
import org.ulvs.wire.DropReason;
import org.ulvs.wire.Ethernet;
import org.ulvs.wire.Frame;
import org.ulvs.wire.IpOptions;
import org.ulvs.wire.Ipv4;
import org.ulvs.wire.PacketView;

/**
 * Sends packets on: to a real server by the connection's forwarding method, back to a client, or unchanged along the
 * route. Looks after TTL, MTU and next hop, and says which reason a packet was dropped for. Owned by the worker.
 */
final class Transmitter {
    /** The frame was sent. */
    static final int SENT = 0;

    private final Breath breath;
    private final Answers answers;
    private final NextHops nextHops;
    private final Tunables tunables;
    private final Departure departure;
    private final UnsafeBuffer lines;
    private final NextHops.Hop hop = new NextHops.Hop();

    Transmitter(
            Breath breath,
            Answers answers,
            NextHops nextHops,
            Tunables tunables,
            Departure departure,
            ConnectionTable table) {
        this.breath = breath;
        this.answers = answers;
        this.nextHops = nextHops;
        this.tunables = tunables;
        this.departure = departure;
        this.lines = table.lines();
    }

    /**
     * Sends a client's packet to the real server of its connection.
     *
     * @return {@link #SENT}, or the id of the {@link DropReason}
     */
    int toServer(Frame frame, PacketView view, int connection) {
        final int line = ConnectionTable.line(connection);
        return toServer(
                frame,
                view,
                lines.getInt(line + FLAGS_OFFSET) & METHOD_MASK,
                lines.getInt(line + SERVER_ADDRESS_OFFSET),
                lines.getShort(line + SERVER_PORT_OFFSET) & 0xFFFF);
    }

    /** As {@link #toServer(Frame, PacketView, int)}, for a packet without a connection. */
    int toServer(Frame frame, PacketView view, int method, int address, int port) {
        if (method == RealServer.NOT_BUILT) {
            return DropReason.METHOD_NOT_BUILT.id();
        }
        final int destination = method == Admission.BYPASS ? view.destination() : address;
        final int obstacle = resolve(destination);
        if (obstacle != SENT) {
            return obstacle;
        }
        final int overhead = method == ServerSpec.TUNNEL ? IpipTunnel.OVERHEAD : 0;
        final int refusal = passHop(frame, view, hop.mtu - overhead);
        if (refusal != SENT) {
            return refusal;
        }
        if (method == ServerSpec.TUNNEL) {
            return departure.tunnel(
                    frame, view, hop, address, answers, tunables.isOn(Tunable.PMTU_DISC), breath.sink());
        }
        if (method == ServerSpec.MASQUERADE) {
            Masquerade.rewriteDestination(frame, view, address, port);
        }
        return leave(frame, view);
    }

    /** Sends a real server's packet to the client, as if it came from the virtual service. */
    int toClient(Frame frame, PacketView view, int virtualAddress, int virtualPort) {
        final int obstacle = resolve(view.destination());
        if (obstacle != SENT) {
            return obstacle;
        }
        final int refusal = passHop(frame, view, hop.mtu);
        if (refusal != SENT) {
            return refusal;
        }
        Masquerade.rewriteSource(frame, view, virtualAddress, virtualPort);
        return leave(frame, view);
    }

    /** Sends a packet on to {@code destination} after its headers have been dealt with elsewhere. */
    int along(Frame frame, PacketView view, int destination) {
        final int obstacle = resolve(destination);
        if (obstacle != SENT) {
            return obstacle;
        }
        final int refusal = passHop(frame, view, hop.mtu);
        return refusal != SENT ? refusal : leave(frame, view);
    }

    private int resolve(int destination) {
        return switch (nextHops.lookup(destination, hop)) {
            case NextHops.FORWARD -> SENT;
            case NextHops.UNRESOLVED -> DropReason.NO_NEIGHBOUR.id();
            default -> DropReason.NO_ROUTE.id();
        };
    }

    /** TTL and MTU, in the kernel's order: the quoted packet of an MTU error has its TTL decremented. */
    private int passHop(Frame frame, PacketView view, int mtu) {
        if (view.ttl() <= 1) {
            answers.timeExceeded(frame, view);
            return DropReason.TTL_EXCEEDED.id();
        }
        if (view.ipHeaderLength() > Ipv4.MIN_LENGTH) {
            final int refusal = IpOptions.process(
                    frame, view, answers.ownAddress(view.destination(), hop.sourceAddress), breath.utcMillisOfDay());
            if (refusal != PacketView.OK) {
                return refusal;
            }
        }
        Ipv4.decrementTtl(frame.buffer(), view.ipOffset());
        if (departure.packetLength(frame, view) > mtu && view.dontFragment() && view.protocol() != Ipv4.ICMP) {
            answers.fragmentationNeeded(frame, view, mtu);
            return DropReason.MTU_EXCEEDED.id();
        }
        return SENT;
    }

    private int leave(Frame frame, PacketView view) {
        DirectRouting.forward(frame, hop.destinationMac, hop.sourceMac);
        return departure.send(frame, view, hop, breath.sink());
    }

    /** Whether the frame was sent to our hardware address on the interface that it came from. */
    boolean isForUs(Frame frame) {
        return Ethernet.destination(frame.buffer(), frame.offset()) == nextHops.macAddress(frame.port());
    }
}
