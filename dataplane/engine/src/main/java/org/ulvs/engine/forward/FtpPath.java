// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.forward;

import static org.ulvs.cnc.ConnectionLayout.*;

import org.ulvs.cnc.MappedMemory;
import org.ulvs.engine.connection.ConnectionTable;
import org.ulvs.engine.connection.Connections;
import org.ulvs.engine.connection.TcpStates;
import org.ulvs.engine.table.RealServer;
import org.ulvs.nat.FtpCommand;
import org.ulvs.nat.FtpHelper;
import org.ulvs.nat.SequenceAdjustment;
import org.ulvs.wire.DropReason;
import org.ulvs.wire.Frame;
import org.ulvs.wire.Ipv4;
import org.ulvs.wire.PacketView;
import org.ulvs.wire.Tcp;

/**
 * FTP under NAT: follows control connections, expects the data connections that they announce, puts the virtual address
 * into the server's replies, and keeps the sequence numbers right afterwards. Owned by the worker.
 */
final class FtpPath {
    private static final int CONTROL_PORT = 21;

    private final ConnectionTable table;
    private final MappedMemory lines;
    private final Connections connections;
    private final Breath breath;
    private final SequenceRecords records;
    private final FtpHelper helper = new FtpHelper();
    private final PacketView rewritten = new PacketView();
    private Frame frame = new Frame();
    private PacketView view = rewritten;

    FtpPath(Connections connections, Breath breath, SequenceRecords records) {
        this.table = connections.table();
        this.lines = table.lines();
        this.connections = connections;
        this.breath = breath;
        this.records = records;
    }

    /** Whether a new masqueraded connection to this port is a control connection. */
    static boolean isControl(int protocol, int virtualPort) {
        return protocol == Ipv4.TCP && virtualPort == CONTROL_PORT;
    }

    /**
     * A segment of the client on a control connection, before its addresses are rewritten.
     *
     * @return {@link PacketView#OK} or the id of a drop reason
     */
    int fromClient(Frame segment, PacketView parsed, int connection) {
        if (isEstablished(connection) && parsed.payloadLength() > 0) {
            final FtpCommand command = helper.parseFromClient(segment, parsed);
            final boolean active = command == FtpCommand.PORT || command == FtpCommand.EPRT;
            if (active && helper.address() == parsed.source() && helper.port() != 0) {
                expectFromServer(connection, helper.port());
            }
        }
        adjust(segment, parsed, connection, false);
        return PacketView.OK;
    }

    /**
     * A segment of the server on a control connection, before its addresses are rewritten. Afterwards {@link #frame}
     * and {@link #view} are what goes on.
     *
     * @return {@link PacketView#OK} or the id of a drop reason
     */
    int fromServer(Frame segment, PacketView parsed, int connection) {
        frame = segment;
        view = parsed;
        if (!isEstablished(connection) || parsed.payloadLength() == 0) {
            adjust(segment, parsed, connection, true);
            return PacketView.OK;
        }
        final FtpCommand command = helper.parseFromServer(segment, parsed);
        if (command != FtpCommand.PASSIVE_REPLY && command != FtpCommand.EXTENDED_PASSIVE_REPLY) {
            adjust(segment, parsed, connection, true);
            return PacketView.OK;
        }
        return announce(segment, parsed, connection);
    }

    private int announce(Frame segment, PacketView parsed, int connection) {
        final long line = ConnectionTable.line(connection);
        final int port = helper.port();
        final int sequence = Tcp.sequence(segment.buffer(), parsed.transportOffset());
        final int index = recordOf(connection);
        if (index == 0 || !expectFromClient(connection, port)) {
            return DropReason.CONNECTION_TABLE_FULL.id();
        }
        final int refusal =
                helper.rewriteReply(segment, parsed, lines.getInt(line + VIRTUAL_ADDRESS_OFFSET), port, breath.sink());
        if (refusal != PacketView.OK) {
            return refusal;
        }
        frame = helper.frame();
        view = rewritten;
        final int parse = rewritten.parse(frame);
        if (parse != PacketView.OK) {
            return parse;
        }
        adjust(frame, rewritten, connection, true);
        if (helper.delta() != 0) {
            SequenceAdjustment.onResized(
                    records.memory(), SequenceRecords.offset(index), true, sequence, helper.delta());
        }
        return PacketView.OK;
    }

    /** What goes on after {@link #fromServer}. */
    Frame frame() {
        return frame;
    }

    /** The parsed view of {@link #frame}. */
    PacketView view() {
        return view;
    }

    private boolean isEstablished(int connection) {
        return lines.getByte(ConnectionTable.line(connection) + STATE_OFFSET) == TcpStates.ESTABLISHED;
    }

    private int recordOf(int connection) {
        final long place = ConnectionTable.line(connection) + SEQUENCE_OFFSET;
        final int index = lines.getInt(place);
        if (index != 0) {
            return index;
        }
        final int fresh = records.acquire();
        lines.putInt(place, fresh);
        return fresh;
    }

    private void adjust(Frame segment, PacketView parsed, int connection, boolean fromServer) {
        final int index = lines.getInt(ConnectionTable.line(connection) + SEQUENCE_OFFSET);
        if (index != 0) {
            SequenceAdjustment.adjust(records.memory(), SequenceRecords.offset(index), fromServer, segment, parsed);
        }
    }

    /** The client will listen: the server connects from the port before its control port. */
    private void expectFromServer(int control, int clientPort) {
        final long line = ConnectionTable.line(control);
        expect(
                control,
                clientPort,
                (lines.getShort(line + VIRTUAL_PORT_OFFSET) & 0xFFFF) - 1,
                (lines.getShort(line + SERVER_PORT_OFFSET) & 0xFFFF) - 1,
                0);
    }

    /** The server will listen: the client connects from a port that is not known yet. */
    private boolean expectFromClient(int control, int port) {
        return expect(control, 0, port, port, NO_CLIENT_PORT);
    }

    private boolean expect(int control, int clientPort, int virtualPort, int serverPort, int flags) {
        final long line = ConnectionTable.line(control);
        final int client = lines.getInt(line + CLIENT_ADDRESS_OFFSET);
        final int virtual = lines.getInt(line + VIRTUAL_ADDRESS_OFFSET);
        final int existing = flags == 0
                ? table.findInbound(
                        table.tag(client, clientPort, Ipv4.TCP), Ipv4.TCP, client, clientPort, virtual, virtualPort)
                : table.findFlagged(flags, Ipv4.TCP, client, 0, virtual, virtualPort);
        if (existing != Connections.NONE) {
            return true;
        }
        final RealServer server = connections.server(control);
        final int data = connections.create(
                Ipv4.TCP,
                client,
                clientPort,
                virtual,
                virtualPort,
                lines.getInt(line + SERVER_ADDRESS_OFFSET),
                serverPort,
                server,
                false,
                false,
                lines.getInt(line + MARK_OFFSET),
                flags);
        if (data == Connections.NONE) {
            return false;
        }
        connections.controlledByConnection(data, control);
        connections.listen(data, breath.timeouts());
        return true;
    }
}
