// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.forward;

import static org.ulvs.cnc.ConnectionLayout.*;

import org.ulvs.cnc.MappedMemory;
import org.ulvs.cnc.ServerRecords;
import org.ulvs.cnc.ServerSpec;
import org.ulvs.dr.IpipTunnel;
import org.ulvs.engine.connection.ConnectionTable;
import org.ulvs.engine.connection.Connections;
import org.ulvs.engine.table.RealServer;
import org.ulvs.engine.table.Tunables;
import org.ulvs.engine.table.Tunables.Tunable;
import org.ulvs.engine.table.VirtualService;
import org.ulvs.nat.IcmpTranslation;
import org.ulvs.wire.DropReason;
import org.ulvs.wire.EmbeddedHeader;
import org.ulvs.wire.Frame;
import org.ulvs.wire.Icmp;
import org.ulvs.wire.Ipv4;
import org.ulvs.wire.PacketView;

/**
 * ICMP errors about packets that were forwarded: found by the packet that they quote, translated under NAT, and passed
 * to the other side. Owned by the worker.
 */
final class IcmpErrors {
    /** A smaller MTU than this is not believed, as in the kernel. */
    private static final int LEAST_MTU = 68;

    private final ConnectionTable table;
    private final MappedMemory lines;
    private final Connections connections;
    private final ServerRecords records;
    private final PacketCounters counters;
    private final Transmitter transmitter;
    private final Answers answers;
    private final Admission admission;
    private final Tunables tunables;
    private final int worker;

    IcmpErrors(
            ConnectionTable table,
            Connections connections,
            ServerRecords records,
            PacketCounters counters,
            Transmitter transmitter,
            Answers answers,
            Admission admission,
            Tunables tunables,
            int worker) {
        this.table = table;
        this.lines = table.lines();
        this.connections = connections;
        this.records = records;
        this.counters = counters;
        this.transmitter = transmitter;
        this.answers = answers;
        this.admission = admission;
        this.tunables = tunables;
        this.worker = worker;
    }

    /** Deals with an error; false when it quotes no packet of a connection. */
    boolean on(Frame frame, PacketView view) {
        final EmbeddedHeader quoted = view.parseEmbedded();
        if (!quoted.isUsable()) {
            return false;
        }
        if (quoted.protocol() == Ipv4.IPIP) {
            return aboutTunnel(frame, view, quoted);
        }
        if (!quoted.hasPorts()) {
            return false;
        }
        return aboutRequest(frame, view, quoted)
                || aboutReply(frame, view, quoted)
                || (tunables.isOn(Tunable.SCHEDULE_ICMP) && schedule(frame, view, quoted));
    }

    /** From the servers' side: it quotes a packet from a client to a real server. */
    private boolean aboutRequest(Frame frame, PacketView view, EmbeddedHeader quoted) {
        final int connection = table.findOutbound(
                table.tag(quoted.source(), quoted.sourcePort(), quoted.protocol()),
                quoted.protocol(),
                quoted.destination(),
                quoted.destinationPort(),
                quoted.source(),
                quoted.sourcePort());
        if (connection == Connections.NONE || method(connection) != ServerSpec.MASQUERADE) {
            return false;
        }
        int sent = transmitter.route(frame, view);
        if (sent == Transmitter.SENT) {
            sent = translateForClient(frame, view, quoted, connection);
        }
        if (sent == Transmitter.SENT) {
            counters.forwardedToClient();
        } else {
            counters.dropped(sent);
        }
        return true;
    }

    private int translateForClient(Frame frame, PacketView view, EmbeddedHeader quoted, int connection) {
        final long line = ConnectionTable.line(connection);
        final int refusal = IcmpTranslation.toClient(
                frame,
                view,
                quoted,
                lines.getInt(line + VIRTUAL_ADDRESS_OFFSET),
                lines.getShort(line + VIRTUAL_PORT_OFFSET) & 0xFFFF);
        if (refusal != PacketView.OK) {
            return refusal;
        }
        final int serverSlot = connections.serverSlot(connection);
        // statistics go to servers that are in the table, as in the kernel
        if (serverSlot != Connections.NONE && records.isAvailable(serverSlot)) {
            records.countOut(serverSlot, worker, 1, view.totalLength());
        }
        return transmitter.leave(frame, view);
    }

    /** From the client's side: it quotes a packet from the virtual service to a client. */
    private boolean aboutReply(Frame frame, PacketView view, EmbeddedHeader quoted) {
        final int connection = table.findInbound(
                table.tag(quoted.destination(), quoted.destinationPort(), quoted.protocol()),
                quoted.protocol(),
                quoted.destination(),
                quoted.destinationPort(),
                quoted.source(),
                quoted.sourcePort());
        if (connection == Connections.NONE) {
            return false;
        }
        pass(frame, view, quoted, connection);
        return true;
    }

    private void pass(Frame frame, PacketView view, EmbeddedHeader quoted, int connection) {
        final long line = ConnectionTable.line(connection);
        pass(
                frame,
                view,
                quoted,
                method(connection),
                lines.getInt(line + SERVER_ADDRESS_OFFSET),
                lines.getShort(line + SERVER_PORT_OFFSET) & 0xFFFF,
                connections.serverSlot(connection));
    }

    private void pass(
            Frame frame, PacketView view, EmbeddedHeader quoted, int method, int address, int port, int serverSlot) {
        if (!view.isIcmpChecksumValid()) {
            counters.dropped(DropReason.BAD_ICMP_CHECKSUM);
            return;
        }
        if (serverSlot != Connections.NONE && records.isAvailable(serverSlot)) {
            records.countIn(serverSlot, worker, 1, view.totalLength());
        }
        final int sent;
        if (method == ServerSpec.MASQUERADE) {
            final int refusal = IcmpTranslation.toServer(frame, view, quoted, address, port);
            sent = refusal != PacketView.OK ? refusal : transmitter.errorToServer(frame, view, address);
        } else {
            sent = transmitter.toServer(frame, view, method, address, port, serverSlot);
        }
        if (sent == Transmitter.SENT) {
            counters.forwardedToServer();
        } else {
            counters.dropped(sent);
        }
    }

    /**
     * schedule_icmp: the error is about a reply that another director's connection has, or ours no more; the scheduler
     * says which server it would be. Nobody is told when there is none.
     */
    private boolean schedule(Frame frame, PacketView view, EmbeddedHeader quoted) {
        final VirtualService service = admission.find(frame, view, quoted);
        if (service == null) {
            return false;
        }
        final int connection = admission.admitError(service);
        if (connection >= 0) {
            pass(frame, view, quoted, connection);
            return true;
        }
        switch (connection) {
            case Admission.ONE_PACKET -> {
                final RealServer server = admission.onePacketServer();
                pass(frame, view, quoted, server.method(), server.address(), admission.onePacketPort(), server.slot());
                admission.endOnePacket();
            }
            case Admission.NO_SERVER -> counters.dropped(DropReason.NO_SERVER);
            case Admission.TABLE_FULL -> counters.dropped(DropReason.CONNECTION_TABLE_FULL);
            case Admission.REFUSED -> counters.dropped(DropReason.DROP_PACKET);
            default -> {
                return false;
            }
        }
        return true;
    }

    /**
     * A router complains about one of our tunnel packets: the client inside is told, with the MTU that is left to
     * it. A client that allows fragmentation need not know (the outer packet may be fragmented).
     */
    private boolean aboutTunnel(Frame frame, PacketView view, EmbeddedHeader quoted) {
        final int server = quoted.destination();
        if (!quoted.unwrapTunnel() || !quoted.hasPorts()) {
            return false;
        }
        final int connection = table.findInbound(
                table.tag(quoted.source(), quoted.sourcePort(), quoted.protocol()),
                quoted.protocol(),
                quoted.source(),
                quoted.sourcePort(),
                quoted.destination(),
                quoted.destinationPort());
        if (connection == Connections.NONE
                || method(connection) != ServerSpec.TUNNEL
                || lines.getInt(ConnectionTable.line(connection) + SERVER_ADDRESS_OFFSET) != server) {
            return false;
        }
        if (!view.isIcmpChecksumValid()) {
            counters.dropped(DropReason.BAD_ICMP_CHECKSUM);
            return true;
        }
        final boolean tooLarge =
                view.icmpType() == Icmp.UNREACHABLE && view.icmpCode() == Icmp.CODE_FRAGMENTATION_NEEDED;
        final int rest = Icmp.rest(frame.buffer(), view.transportOffset());
        final int mtu = (rest & 0xFFFF) - IpipTunnel.OVERHEAD;
        final boolean worthTelling = !tooLarge || (quoted.dontFragment() && mtu >= LEAST_MTU);
        if (worthTelling && answers.relay(frame, quoted, view.icmpType(), view.icmpCode(), tooLarge ? mtu : 0)) {
            counters.answered();
        } else {
            counters.leftToHost();
        }
        return true;
    }

    private int method(int connection) {
        return lines.getInt(ConnectionTable.line(connection) + FLAGS_OFFSET) & METHOD_MASK;
    }
}
