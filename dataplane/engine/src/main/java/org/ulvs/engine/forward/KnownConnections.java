// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.forward;

import static org.ulvs.cnc.ConnectionLayout.*;

import org.ulvs.cnc.MappedMemory;
import org.ulvs.cnc.ServerRecords;
import org.ulvs.cnc.ServerSpec;
import org.ulvs.engine.connection.ConnectionTable;
import org.ulvs.engine.connection.Connections;
import org.ulvs.engine.connection.TcpStates;
import org.ulvs.engine.table.Director;
import org.ulvs.engine.table.Timeouts;
import org.ulvs.engine.table.Tunables;
import org.ulvs.engine.table.Tunables.Tunable;
import org.ulvs.wire.DropReason;
import org.ulvs.wire.Frame;
import org.ulvs.wire.Ipv4;
import org.ulvs.wire.PacketView;
import org.ulvs.wire.Tcp;

/**
 * The way of a packet that belongs to a connection: found in either direction, counted, its connection's state moved,
 * translated and sent on. Owned by the worker.
 */
final class KnownConnections {
    private final ServerRecords records;
    private final Tunables tunables;
    private final Connections connections;
    private final ConnectionTable table;
    private final MappedMemory lines;
    private final Breath breath;
    private final PacketCounters counters;
    private final Transmitter transmitter;
    private final FtpPath ftp;
    private final Defences defences;
    private final int worker;

    KnownConnections(
            Director director,
            Connections connections,
            Breath breath,
            PacketCounters counters,
            Transmitter transmitter,
            FtpPath ftp,
            Defences defences,
            int worker) {
        this.records = director.records();
        this.tunables = director.tunables();
        this.connections = connections;
        this.table = connections.table();
        this.lines = table.lines();
        this.breath = breath;
        this.counters = counters;
        this.transmitter = transmitter;
        this.ftp = ftp;
        this.defences = defences;
        this.worker = worker;
    }

    /**
     * Whether a packet is a real server's of a connection and has been dealt with.
     *
     * @param candidate the connection that it probably belongs to, or {@link Connections#NONE}
     */
    boolean outbound(Frame frame, PacketView view, int candidate) {
        final int connection = alive(findOutbound(view, candidate));
        if (connection == Connections.NONE) {
            return false;
        }
        final long line = ConnectionTable.line(connection);
        if ((lines.getInt(line + FLAGS_OFFSET) & METHOD_MASK) != ServerSpec.MASQUERADE) {
            return false;
        }
        reply(frame, view, connection);
        return true;
    }

    private int findOutbound(PacketView view, int candidate) {
        return table.isOutbound(
                        candidate,
                        view.protocol(),
                        view.source(),
                        view.sourcePort(),
                        view.destination(),
                        view.destinationPort())
                ? candidate
                : table.findOutbound(
                        table.tag(view.destination(), view.destinationPort(), view.protocol()),
                        view.protocol(),
                        view.source(),
                        view.sourcePort(),
                        view.destination(),
                        view.destinationPort());
    }

    /** A packet of a real server goes to the client of its connection. */
    void reply(Frame frame, PacketView view, int connection) {
        int sent = transmitter.route(frame, view);
        if (sent == Transmitter.SENT) {
            final int server = connections.serverSlot(connection);
            if (server != Connections.NONE && records.isAvailable(server)) {
                records.countOut(server, worker, 1, view.totalLength());
            }
            setState(connection, TcpStates.OUTPUT, view);
            sent = translate(frame, view, connection);
        }
        if (sent == Transmitter.SENT) {
            counters.forwardedToClient();
        } else {
            counters.dropped(sent);
        }
    }

    private int translate(Frame frame, PacketView view, int connection) {
        final long line = ConnectionTable.line(connection);
        final int address = lines.getInt(line + VIRTUAL_ADDRESS_OFFSET);
        final int port = lines.getShort(line + VIRTUAL_PORT_OFFSET) & 0xFFFF;
        if ((lines.getInt(line + FLAGS_OFFSET) & FTP) == 0) {
            return transmitter.toClient(frame, view, address, port);
        }
        final int refusal = ftp.fromServer(frame, view, connection);
        return refusal != PacketView.OK ? refusal : transmitter.toClient(ftp.frame(), ftp.view(), address, port);
    }

    /** As {@link #outbound}, of a packet of a client. */
    boolean inbound(Frame frame, PacketView view, int candidate) {
        final int connection = alive(findInbound(view, candidate));
        if (connection == Connections.NONE) {
            return false;
        }
        if (view.protocol() == Ipv4.TCP && (view.tcpFlags() & Tcp.SYN) != 0 && isToBeRescheduled(connection)) {
            connections.retire(connection);
            return false;
        }
        final int server = connections.serverSlot(connection);
        if (server != Connections.NONE && !records.isAvailable(server)) {
            if (!tunables.isOn(Tunable.EXPIRE_NODEST_CONN)) {
                counters.dropped(DropReason.SERVER_GONE);
                return true;
            }
            connections.retire(connection);
            return false;
        }
        pass(frame, view, connection, server);
        return true;
    }

    private int findInbound(PacketView view, int candidate) {
        if (table.isInbound(
                candidate,
                view.protocol(),
                view.source(),
                view.sourcePort(),
                view.destination(),
                view.destinationPort())) {
            return candidate;
        }
        final int connection = table.findInbound(
                table.tag(view.source(), view.sourcePort(), view.protocol()),
                view.protocol(),
                view.source(),
                view.sourcePort(),
                view.destination(),
                view.destinationPort());
        if (connection != Connections.NONE || table.withoutClientPort() == 0) {
            return connection;
        }
        final int expected = table.findFlagged(
                NO_CLIENT_PORT, view.protocol(), view.source(), 0, view.destination(), view.destinationPort());
        if (expected != Connections.NONE) {
            table.fillClientPort(expected, view.sourcePort());
        }
        return expected;
    }

    /** A connection whose time is over ends now, even if the timers have not come to it. */
    private int alive(int connection) {
        if (connection != Connections.NONE && connections.isDue(connection)) {
            connections.onDue(connection);
            return connections.isDue(connection) ? Connections.NONE : connection;
        }
        return connection;
    }

    /** The client begins anew on the same port, or its server shall get no new connections. */
    private boolean isToBeRescheduled(int connection) {
        final int server = connections.serverSlot(connection);
        if (server != Connections.NONE && tunables.isOn(Tunable.EXPIRE_NODEST_CONN) && records.weight(server) == 0) {
            return true;
        }
        final int mode = tunables.get(Tunable.CONN_REUSE_MODE);
        if (mode == 0 || connections.isControlled(connection)) {
            return false;
        }
        final long line = ConnectionTable.line(connection);
        final int state = lines.getByte(line + STATE_OFFSET);
        return state == TcpStates.TIME_WAIT
                || state == TcpStates.CLOSE
                || ((mode & 2) != 0
                        && state == TcpStates.FIN_WAIT
                        && (lines.getInt(line + FLAGS_OFFSET) & NO_OUTPUT) != 0);
    }

    /** A packet of a client goes to the server of its connection. */
    void pass(Frame frame, PacketView view, int connection) {
        pass(frame, view, connection, connections.serverSlot(connection));
    }

    private void pass(Frame frame, PacketView view, int connection, int server) {
        if (server != Connections.NONE) {
            records.countIn(server, worker, 1, view.totalLength());
        }
        setState(connection, TcpStates.INPUT, view);
        final long index = ConnectionTable.line(connection) + IN_PACKETS_OFFSET;
        lines.putInt(index, lines.getInt(index) + 1);
        int sent = PacketView.OK;
        if ((lines.getInt(ConnectionTable.line(connection) + FLAGS_OFFSET) & FTP) != 0) {
            sent = ftp.fromClient(frame, view, connection);
        }
        if (sent == PacketView.OK) {
            sent = transmitter.toServer(frame, view, connection);
        }
        if (sent == Transmitter.SENT) {
            counters.forwardedToServer();
        } else {
            counters.dropped(sent);
        }
    }

    private void setState(int connection, int direction, PacketView view) {
        final Timeouts timeouts = breath.timeouts();
        switch (view.protocol()) {
            case Ipv4.TCP ->
                connections.onTcp(connection, direction, view.tcpFlags(), defences.isSecureTcp(), timeouts);
            case Ipv4.UDP -> connections.onDatagram(connection, direction, timeouts.udp());
            default -> connections.onDatagram(connection, direction, Timeouts.SCTP);
        }
    }
}
