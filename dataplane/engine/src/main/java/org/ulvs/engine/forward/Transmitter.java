// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.forward;

import static org.ulvs.cnc.ConnectionLayout.*;

import org.ulvs.cnc.MappedMemory;
import org.ulvs.cnc.ServerSpec;
import org.ulvs.dr.DirectRouting;
import org.ulvs.dr.Tunnel;
import org.ulvs.engine.connection.ConnectionTable;
import org.ulvs.engine.table.RealServer;
import org.ulvs.engine.table.SlotPool;
import org.ulvs.engine.table.Tunables;
import org.ulvs.engine.table.Tunables.Tunable;
import org.ulvs.nat.Masquerade;
import org.ulvs.wire.DropReason;
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
    private final Tunables tunables;
    private final Departure departure;
    private final MappedMemory lines;
    private final SlotPool slots;
    private final HopCache hops;
    private NextHops.Hop hop = new NextHops.Hop();

    Transmitter(
            Breath breath,
            Answers answers,
            NextHops nextHops,
            Tunables tunables,
            Departure departure,
            ConnectionTable table,
            SlotPool slots) {
        this.breath = breath;
        this.answers = answers;
        this.hops = new HopCache(nextHops);
        this.tunables = tunables;
        this.departure = departure;
        this.lines = table.lines();
        this.slots = slots;
    }

    /** Begins a batch. */
    void begin() {
        hops.begin();
    }

    /** Looks up all ways anew from now on. Now and then, by the timers. */
    void forgetWays() {
        hops.clear();
    }

    /**
     * Sends a client's packet to the real server of its connection.
     *
     * @return {@link #SENT}, or the id of the {@link DropReason}
     */
    int toServer(Frame frame, PacketView view, int connection) {
        final long line = ConnectionTable.line(connection);
        return toServer(
                frame,
                view,
                lines.getInt(line + FLAGS_OFFSET) & METHOD_MASK,
                lines.getInt(line + SERVER_ADDRESS_OFFSET),
                lines.getShort(line + SERVER_PORT_OFFSET) & 0xFFFF,
                lines.getInt(line + SERVER_SLOT_OFFSET));
    }

    /**
     * As {@link #toServer(Frame, PacketView, int)}, for a packet without a connection.
     *
     * @param serverSlot record of the server, negative for a packet that keeps its own destination
     */
    int toServer(Frame frame, PacketView view, int method, int address, int port, int serverSlot) {
        if (method == RealServer.NOT_BUILT) {
            return DropReason.METHOD_NOT_BUILT.id();
        }
        final int obstacle = resolve(method == Admission.BYPASS ? view.destination() : address);
        if (obstacle != SENT) {
            return obstacle;
        }
        if (method == ServerSpec.TUNNEL) {
            final RealServer server = slots.serverOrNull(serverSlot);
            return server == null ? DropReason.SERVER_GONE.id() : throughTunnel(frame, view, server.spec());
        }
        final int refusal = passHop(frame, view, hop.mtu);
        if (refusal != SENT) {
            return refusal;
        }
        if (method == ServerSpec.MASQUERADE) {
            Masquerade.rewriteDestination(frame, view, address, port);
        }
        return leave(frame, view);
    }

    /**
     * Takes a packet over the hop to its own destination, as the kernel routes: what is refused here has not been seen
     * by its connection. The next call is {@link #toClient} or {@link #leave}.
     *
     * @return {@link #SENT} if it may go on, or the id of the {@link DropReason}
     */
    int route(Frame frame, PacketView view) {
        final int obstacle = resolve(view.destination());
        return obstacle != SENT ? obstacle : passRoute(frame, view);
    }

    /** Sends a real server's packet, after {@link #route}, to the client as if it came from the virtual service. */
    int toClient(Frame frame, PacketView view, int virtualAddress, int virtualPort) {
        Masquerade.rewriteSource(frame, view, virtualAddress, virtualPort);
        return leave(frame, view);
    }

    /** Sends a client's ICMP error, with its headers translated, to the real server. */
    int errorToServer(Frame frame, PacketView view, int server) {
        final int obstacle = resolve(server);
        if (obstacle != SENT) {
            return obstacle;
        }
        final int refusal = passHop(frame, view, hop.mtu);
        return refusal != SENT ? refusal : leave(frame, view);
    }

    /** Without discovery of the path's MTU any length fits, for then the outer packet is fragmented. */
    private int throughTunnel(Frame frame, PacketView view, ServerSpec server) {
        final boolean discovery = tunables.isOn(Tunable.PMTU_DISC);
        final int mtu = hop.mtu - Tunnel.overhead(server.tunnelType(), server.tunnelFlags());
        final int refusal = passHop(frame, view, discovery ? mtu : Ipv4.MAX_TOTAL_LENGTH);
        return refusal != SENT
                ? refusal
                : departure.tunnel(frame, view, hop, server, answers, discovery, breath.sink());
    }

    private int resolve(int destination) {
        hop = hops.find(destination);
        return switch (hop.result) {
            case NextHops.FORWARD -> SENT;
            case NextHops.UNRESOLVED -> DropReason.NO_NEIGHBOUR.id();
            default -> DropReason.NO_ROUTE.id();
        };
    }

    /** TTL and MTU on the way to a server, in IPVS's order: an MTU error quotes the decremented TTL. */
    private int passHop(Frame frame, PacketView view, int mtu) {
        final int refusal = passHeader(frame, view);
        if (refusal != SENT) {
            return refusal;
        }
        Ipv4.decrementTtl(frame.buffer(), view.ipOffset());
        return view.protocol() == Ipv4.ICMP ? SENT : fit(frame, view, mtu);
    }

    /** TTL and MTU of a routed packet, in the order of IP forwarding: an MTU error quotes the packet as it came. */
    private int passRoute(Frame frame, PacketView view) {
        final int refusal = passHeader(frame, view);
        if (refusal != SENT) {
            return refusal;
        }
        final int tooLong = fit(frame, view, hop.mtu);
        if (tooLong == SENT) {
            Ipv4.decrementTtl(frame.buffer(), view.ipOffset());
        }
        return tooLong;
    }

    private int passHeader(Frame frame, PacketView view) {
        if (view.ttl() <= 1) {
            answers.timeExceeded(frame, view);
            return DropReason.TTL_EXCEEDED.id();
        }
        if (view.ipHeaderLength() > Ipv4.MIN_LENGTH) {
            return IpOptions.process(
                    frame, view, answers.ownAddress(view.destination(), hop.sourceAddress), breath.utcMillisOfDay());
        }
        return SENT;
    }

    private int fit(Frame frame, PacketView view, int mtu) {
        if (view.dontFragment() && departure.packetLength(frame, view) > mtu) {
            answers.fragmentationNeeded(frame, view, mtu);
            return DropReason.MTU_EXCEEDED.id();
        }
        return SENT;
    }

    /** Sends a packet that has passed {@link #route} and whose headers are finished. */
    int leave(Frame frame, PacketView view) {
        DirectRouting.forward(frame, hop.destinationMac, hop.sourceMac);
        return departure.send(frame, view, hop, breath.sink());
    }
}
