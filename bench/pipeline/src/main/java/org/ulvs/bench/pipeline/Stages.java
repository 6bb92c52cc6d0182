// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.bench.pipeline;

import org.ulvs.cnc.ConnectionLayout;
import org.ulvs.cnc.MappedMemory;
import org.ulvs.cnc.ServerRecords;
import org.ulvs.dr.DirectRouting;
import org.ulvs.engine.connection.Candidates;
import org.ulvs.engine.connection.ConnectionTable;
import org.ulvs.engine.connection.Connections;
import org.ulvs.engine.connection.TcpStates;
import org.ulvs.engine.forward.NextHops;
import org.ulvs.engine.table.Timeouts;
import org.ulvs.nat.Masquerade;
import org.ulvs.wire.Frame;
import org.ulvs.wire.FrameBatch;
import org.ulvs.wire.Ipv4;
import org.ulvs.wire.PacketView;

/**
 * The stages of a hit one after the other, out of the same parts that the forwarder is made of, up to a given one. Only
 * for the breakdown: what is reported as the cost of a packet is that of the forwarder itself.
 */
public final class Stages {
    /** A stage of a packet's way. */
    public enum Stage {
        /** The frame is taken from its slot into the batch; in the end the slot is given back. */
        RECEIVE,
        /** Its headers are checked and read. */
        PARSE,
        /** The hash, and the entry of the index. */
        INDEX,
        /** The connection's line is fetched and compared. */
        LINE,
        /** State and timer of the connection. */
        STATE,
        /** Counters of the server and of the connection. */
        COUNT,
        /** Route and neighbour. */
        HOP,
        /** Time to live, address, port, checksums, hardware addresses. */
        REWRITE,
        /** An entry of the transmit queue. */
        SEND
    }

    private final Rig rig;
    private final ConnectionTable table;
    private final Connections connections;
    private final MappedMemory lines;
    private final ServerRecords records;
    private final MemorySink sink;
    private final FrameBatch batch = new FrameBatch(Rig.BATCH);
    private final PacketView[] views = new PacketView[Rig.BATCH];
    private final Candidates candidates;
    private long sum;

    Stages(Rig rig) {
        this.rig = rig;
        this.table = rig.table();
        this.candidates = new Candidates(table, Rig.BATCH);
        this.connections = rig.connections();
        this.lines = table.lines();
        this.records = rig.director().records();
        this.sink = rig.sink();
        for (int i = 0; i < views.length; i++) {
            views[i] = new PacketView();
        }
    }

    /** Passes the filled block through the stages up to the given one. */
    long pass(Stage stage) {
        batch.clear();
        while (rig.receiver().receive(batch) > 0) {
            batch(batch.size(), stage.ordinal());
            rig.receiver().release();
            batch.clear();
        }
        return sum + sink.sent();
    }

    private void batch(int size, int last) {
        if (last >= Stage.PARSE.ordinal()) {
            for (int i = 0; i < size; i++) {
                sum += views[i].parse(batch.get(i));
            }
        }
        if (last >= Stage.INDEX.ordinal()) {
            index(size);
        }
        if (last >= Stage.LINE.ordinal()) {
            candidates.fetch(size);
            for (int i = 0; i < size; i++) {
                packet(batch.get(i), views[i], candidates.get(i), last);
            }
        }
    }

    private void index(int size) {
        for (int i = 0; i < size; i++) {
            candidates.put(i, table.tag(views[i].source(), views[i].sourcePort(), views[i].protocol()));
        }
        candidates.find(size);
    }

    private void packet(Frame frame, PacketView view, int connection, int last) {
        final boolean found = table.isInbound(
                connection,
                view.protocol(),
                view.source(),
                view.sourcePort(),
                view.destination(),
                view.destinationPort());
        if (!found || connections.isDue(connection) || last < Stage.STATE.ordinal()) {
            sum += found ? 1 : 0;
            return;
        }
        final Timeouts timeouts = rig.director().timeouts();
        connections.onTcp(connection, TcpStates.INPUT, view.tcpFlags(), false, timeouts);
        final long line = ConnectionTable.line(connection);
        if (last >= Stage.COUNT.ordinal()) {
            final int server = connections.serverSlot(connection);
            if (server != Connections.NONE && records.isAvailable(server)) {
                records.countIn(server, 0, 1, view.totalLength());
            }
            final long packets = line + ConnectionLayout.IN_PACKETS_OFFSET;
            lines.putInt(packets, lines.getInt(packets) + 1);
        }
        final int address = lines.getInt(line + ConnectionLayout.SERVER_ADDRESS_OFFSET);
        if (last >= Stage.HOP.ordinal()) {
            sum += rig.hops().find(address).port;
        }
        if (last >= Stage.REWRITE.ordinal()) {
            final NextHops.Hop way = rig.hops().find(address);
            Ipv4.decrementTtl(frame.buffer(), view.ipOffset());
            Masquerade.rewriteDestination(
                    frame, view, address, lines.getShort(line + ConnectionLayout.SERVER_PORT_OFFSET) & 0xFFFF);
            DirectRouting.forward(frame, way.destinationMac, way.sourceMac);
        }
        if (last >= Stage.SEND.ordinal()) {
            sink.send(frame, Network.INSIDE);
        }
    }
}
