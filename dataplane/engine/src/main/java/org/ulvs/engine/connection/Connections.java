// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.connection;

import static org.ulvs.cnc.ConnectionLayout.*;

import org.jspecify.annotations.Nullable;
import org.ulvs.cnc.MappedMemory;
import org.ulvs.cnc.ServerRecords;
import org.ulvs.cnc.ServerSpec;
import org.ulvs.engine.table.RealServer;
import org.ulvs.engine.table.ServerLoad;
import org.ulvs.engine.table.SlotPool;
import org.ulvs.engine.table.Timeouts;

/**
 * The life of one worker's connections: made, bound to a server, moved through their states, expired. Whatever changes
 * a connection passes here. Owned by the worker.
 */
public final class Connections implements TimerWheel.ExpiryHandler {
    /** No such connection, or no room. */
    public static final int NONE = ConnectionTable.NONE;

    /** Not in the index any more although it lives on, because others depend on it. */
    static final int HIDDEN = 0x4_0000;
    /** The controlling line is a template of the shared table. */
    static final int TEMPLATE_CONTROL = 0x8_0000;

    private static final int TCP = 6;
    private static final int EVICTION_TRIES = 64;

    private final ConnectionTable table;
    private final MappedMemory lines;
    private final TimerWheel wheel;
    private final ServerRecords records;
    private final SlotPool slots;
    private final Templates templates;
    private final ConnectionListener listener;
    private final Stretches stretches;
    private int nowTicks;
    private int evictionHand;
    private int retired = NONE;
    private int sweep = NONE;

    /** The connections of a worker over an empty table. */
    public Connections(
            ConnectionTable table,
            ServerRecords records,
            SlotPool slots,
            Templates templates,
            ConnectionListener listener,
            int nowTicks) {
        this.table = table;
        this.lines = table.lines();
        this.records = records;
        this.slots = slots;
        this.templates = templates;
        this.listener = listener;
        this.nowTicks = nowTicks;
        this.wheel = new TimerWheel(lines, nowTicks);
        this.stretches = new Stretches(table.capacity());
    }

    /** The table behind. */
    public ConnectionTable table() {
        return table;
    }

    /** Sets the time, once a batch. */
    public void now(int ticks) {
        nowTicks = ticks;
    }

    /** Expires what is due, a bounded piece; returns how much was looked at. */
    public int expire(int limit) {
        return wheel.advance(nowTicks, limit, this);
    }

    /** Whether the connection is due although the wheel has not come to it yet. */
    public boolean isDue(int connection) {
        return lines.getInt(ConnectionTable.line(connection) + EXPIRES_OFFSET) - nowTicks <= 0;
    }

    /**
     * Makes a connection.
     *
     * @param server that it is bound to, or null for one that keeps its own destination
     * @param booked whether the scheduler has booked it on the server already
     * @param active whether it counts as active
     * @param flags besides those that follow from the server
     * @return the connection, or {@link #NONE} when the table is full; then a booking is undone
     */
    public int create(
            int protocol,
            int clientAddress,
            int clientPort,
            int virtualAddress,
            int virtualPort,
            int serverAddress,
            int serverPort,
            @Nullable RealServer server,
            boolean booked,
            boolean active,
            int mark,
            int flags) {
        int connection = table.allocate(
                protocol, clientAddress, clientPort, virtualAddress, virtualPort, serverAddress, serverPort);
        if (connection == NONE && evictHalfOpen()) {
            connection = table.allocate(
                    protocol, clientAddress, clientPort, virtualAddress, virtualPort, serverAddress, serverPort);
        }
        if (connection == NONE) {
            listener.onTableFull();
            if (booked && server != null) {
                ServerLoad.unbind(records, server, active);
            }
            return NONE;
        }
        final long line = ConnectionTable.line(connection);
        int all = flags | (active ? 0 : INACTIVE);
        if (server != null) {
            final int method = server.method();
            all |= method | (method == ServerSpec.MASQUERADE ? 0 : NO_OUTPUT);
            lines.putInt(line + SERVER_SLOT_OFFSET, server.slot());
            records.addReferences(server.slot(), 1);
            if (!booked) {
                ServerLoad.bind(records, server, active);
            }
        }
        lines.putInt(line + MARK_OFFSET, mark);
        lines.putInt(line + TIMEOUT_OFFSET, Timeouts.NEW);
        lines.putInt(line + EXPIRES_OFFSET, nowTicks + Timeouts.NEW);
        table.insert(connection, all);
        wheel.schedule(connection, nowTicks);
        listener.onCreated();
        return connection;
    }

    /**
     * Takes over a connection from a file that an earlier process left; what it depends on is linked afterwards.
     *
     * @return the connection, or {@link #NONE} when its server is unknown or there is no room
     */
    int adopt(MappedMemory file, long from) {
        final int slot = file.getInt(from + SERVER_SLOT_OFFSET);
        final RealServer server = slots.serverOrNull(slot);
        if (slot != NONE && server == null) {
            return NONE;
        }
        final int connection = table.allocate(file, from);
        if (connection == NONE) {
            return NONE;
        }
        final long line = ConnectionTable.line(connection);
        final int flags = file.getInt(from + FLAGS_OFFSET) & ~(TEMPLATE_CONTROL | USED);
        lines.putByte(line + STATE_OFFSET, file.getByte(from + STATE_OFFSET));
        lines.putInt(line + SERVER_SLOT_OFFSET, slot);
        lines.putInt(line + MARK_OFFSET, file.getInt(from + MARK_OFFSET));
        lines.putInt(line + TIMEOUT_OFFSET, file.getInt(from + TIMEOUT_OFFSET));
        lines.putInt(line + EXPIRES_OFFSET, file.getInt(from + EXPIRES_OFFSET));
        lines.putInt(line + IN_PACKETS_OFFSET, file.getInt(from + IN_PACKETS_OFFSET));
        final int sequence = ConnectionTable.sequenceOffset(file, file.getInt(from + SEQUENCE_OFFSET));
        if (sequence != NONE) {
            lines.putInt(line + SEQUENCE_OFFSET, listener.onSequenceAdopted(file.buffer(), sequence));
        }
        if (server != null) {
            records.addReferences(slot, 1);
            ServerLoad.bind(records, server, (flags & INACTIVE) == 0);
        }
        table.insert(connection, flags);
        wheel.schedule(connection, nowTicks);
        listener.onCreated();
        return connection;
    }

    /** Under pressure a connection that never got beyond its SYN makes room for a new one. */
    private boolean evictHalfOpen() {
        for (int i = 0; i < EVICTION_TRIES; i++) {
            evictionHand = evictionHand + 1 < table.capacity() ? evictionHand + 1 : 0;
            if (isHalfOpen(evictionHand)) {
                listener.onEvicted();
                wheel.cancel(evictionHand);
                destroy(evictionHand);
                return true;
            }
        }
        return false;
    }

    private boolean isHalfOpen(int connection) {
        final long line = ConnectionTable.line(connection);
        final int state = lines.getByte(line + STATE_OFFSET);
        return (lines.getInt(line + FLAGS_OFFSET) & USED) != 0
                && lines.getByte(line + PROTOCOL_OFFSET) == TCP
                && (state == TcpStates.SYN_RECV || state == TcpStates.SYNACK)
                && lines.getInt(line + CONTROLLED_OFFSET) == 0;
    }

    /**
     * One tick of the drop_entry defence: looks at a 32nd of the table and drops what is half-open and has been silent
     * for a second, in which an honest client shakes hands.
     *
     * @return connections dropped
     */
    public int dropHalfOpen() {
        int dropped = 0;
        stretches.advance();
        for (int connection = stretches.first(); connection < stretches.end(); connection++) {
            if (isHalfOpen(connection) && isSilent(connection)) {
                wheel.cancel(connection);
                destroy(connection);
                listener.onEvicted();
                dropped++;
            }
        }
        return dropped;
    }

    private boolean isSilent(int connection) {
        final long line = ConnectionTable.line(connection);
        final int lastPacket = lines.getInt(line + EXPIRES_OFFSET) - lines.getInt(line + TIMEOUT_OFFSET);
        return nowTicks - lastPacket >= TICKS_PER_SECOND;
    }

    /** There was no room for a template that a connection would depend on. */
    public void onTemplateMissed() {
        listener.onTemplateMissed();
    }

    /** Makes a connection depend on a template of the shared table. */
    public void controlledBy(int connection, int template) {
        final long line = ConnectionTable.line(connection);
        lines.putInt(line + CONTROL_OFFSET, template + 1);
        lines.putInt(line + FLAGS_OFFSET, lines.getInt(line + FLAGS_OFFSET) | TEMPLATE_CONTROL);
    }

    /** Makes a connection (FTP data) depend on another of the same worker. */
    public void controlledByConnection(int connection, int controlling) {
        lines.putInt(ConnectionTable.line(connection) + CONTROL_OFFSET, controlling + 1);
        final long index = ConnectionTable.line(controlling) + CONTROLLED_OFFSET;
        lines.putInt(index, lines.getInt(index) + 1);
    }

    /** Whether the connection depends on another. */
    public boolean isControlled(int connection) {
        return lines.getInt(ConnectionTable.line(connection) + CONTROL_OFFSET) != 0;
    }

    /** Moves a TCP connection through its states by a segment and restarts its timer. */
    public void onTcp(int connection, int direction, int tcpFlags, boolean secure, Timeouts timeouts) {
        final long line = ConnectionTable.line(connection);
        final int state = lines.getByte(line + STATE_OFFSET);
        final int flags = lines.getInt(line + FLAGS_OFFSET);
        int side = direction;
        if ((flags & NO_OUTPUT) != 0) {
            if (direction == TcpStates.OUTPUT) {
                lines.putInt(line + FLAGS_OFFSET, flags & ~NO_OUTPUT);
            } else {
                side = TcpStates.INPUT_ONLY;
            }
        }
        final int next = TcpStates.next(secure, side, TcpStates.event(tcpFlags), state);
        if (next != state) {
            changeState(connection, next);
        }
        restart(connection, timeouts.tcp(next));
    }

    private void changeState(int connection, int next) {
        final long line = ConnectionTable.line(connection);
        lines.putByte(line + STATE_OFFSET, (byte) next);
        final int flags = lines.getInt(line + FLAGS_OFFSET);
        final boolean active = TcpStates.isActive(next);
        final RealServer server = server(connection);
        if (server != null && active == ((flags & INACTIVE) != 0)) {
            lines.putInt(line + FLAGS_OFFSET, flags ^ INACTIVE);
            ServerLoad.changeClass(records, server, active);
        }
        if (next == TcpStates.ESTABLISHED) {
            assureTemplate(connection);
        }
    }

    /** Makes a new connection one that is expected: in state LISTEN. */
    public void listen(int connection, Timeouts timeouts) {
        lines.putByte(ConnectionTable.line(connection) + STATE_OFFSET, (byte) TcpStates.LISTEN);
        restart(connection, timeouts.tcp(TcpStates.LISTEN));
    }

    /** Restarts the timer of a connection that is not TCP, by a packet. */
    public void onDatagram(int connection, int direction, int timeoutTicks) {
        if (direction == TcpStates.OUTPUT) {
            assureTemplate(connection);
        }
        restart(connection, timeoutTicks);
    }

    private void assureTemplate(int connection) {
        final long line = ConnectionTable.line(connection);
        final int control = lines.getInt(line + CONTROL_OFFSET);
        if (control != 0 && (lines.getInt(line + FLAGS_OFFSET) & TEMPLATE_CONTROL) != 0) {
            templates.assure(control - 1);
        }
    }

    private void restart(int connection, int timeoutTicks) {
        lines.putInt(ConnectionTable.line(connection) + TIMEOUT_OFFSET, timeoutTicks);
        wheel.reschedule(connection, nowTicks + timeoutTicks, nowTicks);
    }

    /** The record of the server that the connection is bound to, or {@link #NONE}. */
    public int serverSlot(int connection) {
        return lines.getInt(ConnectionTable.line(connection) + SERVER_SLOT_OFFSET);
    }

    /** The server that the connection is bound to, or null. */
    public @Nullable RealServer server(int connection) {
        final int slot = serverSlot(connection);
        return slot < 0 ? null : slots.server(slot);
    }

    /** A connection was found due before the timers came to it: it ends, or is given more time. */
    public void onDue(int connection) {
        wheel.cancel(connection);
        onExpired(connection);
    }

    /**
     * Takes a connection out of sight, so that its key is free for a new one. It still counts on its server until
     * {@link #endRetired}, as in the kernel, where it ends a timer tick later; one that others depend on ends after
     * them.
     */
    public void retire(int connection) {
        table.hide(connection, HIDDEN);
        retired = connection;
    }

    /** Ends the connection that was retired before a new one was made, if there is one. */
    public void endRetired() {
        final int connection = retired;
        if (connection == NONE) {
            return;
        }
        retired = NONE;
        if (lines.getInt(ConnectionTable.line(connection) + CONTROLLED_OFFSET) == 0) {
            wheel.cancel(connection);
            destroy(connection);
        }
    }

    /** Begins to look for connections whose server was deleted (expire_nodest_conn). */
    public void beginSweep() {
        sweep = 0;
    }

    /** A bounded piece of the sweep; returns lines looked at. */
    public int sweep(int limit) {
        if (sweep == NONE) {
            return 0;
        }
        final int end = Math.min(table.touched(), sweep + limit);
        final int looked = end - sweep;
        for (int connection = sweep; connection < end; connection++) {
            if (isOrphan(connection)) {
                wheel.cancel(connection);
                destroy(connection);
            }
        }
        sweep = end == table.touched() ? NONE : end;
        return looked;
    }

    private boolean isOrphan(int connection) {
        final long line = ConnectionTable.line(connection);
        if ((lines.getInt(line + FLAGS_OFFSET) & USED) == 0 || lines.getInt(line + CONTROLLED_OFFSET) != 0) {
            return false;
        }
        final RealServer server = server(connection);
        return server != null && (records.flags(server.slot()) & ServerRecords.AVAILABLE) == 0;
    }

    @Override
    public void onExpired(int connection) {
        final long line = ConnectionTable.line(connection);
        if (lines.getInt(line + CONTROLLED_OFFSET) != 0) {
            lines.putInt(line + TIMEOUT_OFFSET, Timeouts.CONTROLLING);
            lines.putInt(line + EXPIRES_OFFSET, nowTicks + Timeouts.CONTROLLING);
            wheel.schedule(connection, nowTicks);
            return;
        }
        listener.onExpired();
        destroy(connection);
    }

    private void destroy(int connection) {
        final long line = ConnectionTable.line(connection);
        final int flags = lines.getInt(line + FLAGS_OFFSET);
        listener.onDestroyed(connection, lines.getInt(line + SEQUENCE_OFFSET));
        final int control = lines.getInt(line + CONTROL_OFFSET);
        if (control != 0) {
            if ((flags & TEMPLATE_CONTROL) != 0) {
                templates.release(control - 1);
            } else {
                final long index = ConnectionTable.line(control - 1) + CONTROLLED_OFFSET;
                lines.putInt(index, lines.getInt(index) - 1);
            }
        }
        final RealServer server = server(connection);
        table.remove(connection);
        if (server != null) {
            ServerLoad.unbind(records, server, (flags & INACTIVE) == 0);
            records.addReferences(server.slot(), -1);
        }
    }
}
