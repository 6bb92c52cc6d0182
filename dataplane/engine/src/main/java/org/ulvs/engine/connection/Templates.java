// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.connection;

import static org.ulvs.cnc.ConnectionLayout.*;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.ulvs.cnc.MappedMemory;
import org.ulvs.cnc.ServerRecords;
import org.ulvs.engine.table.RealServer;
import org.ulvs.engine.table.ServerLoad;
import org.ulvs.engine.table.SlotPool;
import org.ulvs.engine.table.Timeouts;

/**
 * Persistence templates: shared by all workers, because a template may stand for clients of several workers. Only a new
 * connection of a persistent service looks here, under a short spin; counting down and marking are atomic.
 */
public final class Templates implements TimerWheel.ExpiryHandler {
    /** No such template, or no room. */
    public static final int NONE = ConnectionTable.NONE;

    private static final int INVALID_PORT = 0xFFFF;
    private static final int EVICTION_TRIES = 64;

    private final ConnectionTable table;
    private final MappedMemory lines;
    private final TimerWheel wheel;
    private final ServerRecords records;
    private final SlotPool slots;
    private final AtomicBoolean locked = new AtomicBoolean();
    private final Stretches stretches;
    private int nowTicks;
    private int evictionHand;

    /** Templates over an empty table. */
    public Templates(ConnectionTable table, ServerRecords records, SlotPool slots, int nowTicks) {
        this.table = table;
        this.lines = table.lines();
        this.records = records;
        this.slots = slots;
        this.nowTicks = nowTicks;
        this.wheel = new TimerWheel(lines, nowTicks);
        this.stretches = new Stretches(table.capacity());
    }

    /** The table behind. */
    public ConnectionTable table() {
        return table;
    }

    /** Begins the look-up, use or making of a template; ended by {@link #unlock}. */
    public void lock(int ticks) {
        while (!locked.compareAndSet(false, true)) {
            Thread.onSpinWait();
        }
        nowTicks = ticks;
    }

    /** Ends what {@link #lock} began. */
    public void unlock() {
        locked.set(false);
    }

    /** Finds a template. Under the lock. */
    public int find(int protocol, int clientNetwork, int virtualAddress, int virtualPort) {
        final int template = table.findFlagged(TEMPLATE, protocol, clientNetwork, 0, virtualAddress, virtualPort);
        if (template != NONE && lines.getInt(ConnectionTable.line(template) + EXPIRES_OFFSET) - nowTicks <= 0) {
            wheel.cancel(template);
            onExpired(template);
            return table.findFlagged(TEMPLATE, protocol, clientNetwork, 0, virtualAddress, virtualPort);
        }
        return template;
    }

    /** Makes a template for a server that the scheduler chose; {@link #NONE} when there is no room. Under the lock. */
    public int create(
            int protocol,
            int clientNetwork,
            int virtualAddress,
            int virtualPort,
            int serverPort,
            RealServer server,
            int mark) {
        int template =
                table.allocate(protocol, clientNetwork, 0, virtualAddress, virtualPort, server.address(), serverPort);
        if (template == NONE && evictUnused()) {
            template = table.allocate(
                    protocol, clientNetwork, 0, virtualAddress, virtualPort, server.address(), serverPort);
        }
        if (template == NONE) {
            return NONE;
        }
        final long line = ConnectionTable.line(template);
        lines.putInt(line + SERVER_SLOT_OFFSET, server.slot());
        lines.putInt(line + MARK_OFFSET, mark);
        lines.putInt(line + TIMEOUT_OFFSET, Timeouts.NEW);
        lines.putInt(line + EXPIRES_OFFSET, nowTicks + Timeouts.NEW);
        records.addReferences(server.slot(), 1);
        ServerLoad.bindTemplate(records, server);
        table.insert(template, TEMPLATE | server.method());
        wheel.schedule(template, nowTicks);
        return template;
    }

    /** Under pressure a template that nothing depends on and whose client never answered makes room for a new one. */
    private boolean evictUnused() {
        for (int i = 0; i < EVICTION_TRIES; i++) {
            evictionHand = evictionHand + 1 < table.capacity() ? evictionHand + 1 : 0;
            if (isUnused(evictionHand)) {
                end(evictionHand);
                return true;
            }
        }
        return false;
    }

    private boolean isUnused(int template) {
        final long line = ConnectionTable.line(template);
        return (lines.getIntVolatile(line + FLAGS_OFFSET) & (USED | ASSURED)) == USED
                && lines.getIntVolatile(line + CONTROLLED_OFFSET) <= 0;
    }

    private void end(int template) {
        wheel.cancel(template);
        onExpired(template);
    }

    /** One tick of the drop_entry defence over a 32nd of the templates: those in no use and not assured go. */
    public int dropUnused(int ticks) {
        int dropped = 0;
        lock(ticks);
        try {
            stretches.advance();
            for (int template = stretches.first(); template < stretches.end(); template++) {
                if (isUnused(template)) {
                    end(template);
                    dropped++;
                }
            }
        } finally {
            unlock();
        }
        return dropped;
    }

    /** Takes over a template from a file that an earlier process left; {@link #NONE} if that cannot be. At start. */
    int adopt(MappedMemory file, long from) {
        final int slot = file.getInt(from + SERVER_SLOT_OFFSET);
        final RealServer server = slots.serverOrNull(slot);
        final int template = server == null ? NONE : table.allocate(file, from);
        if (server == null || template == NONE) {
            return NONE;
        }
        final long line = ConnectionTable.line(template);
        lines.putInt(line + SERVER_SLOT_OFFSET, slot);
        lines.putInt(line + MARK_OFFSET, file.getInt(from + MARK_OFFSET));
        lines.putInt(line + TIMEOUT_OFFSET, file.getInt(from + TIMEOUT_OFFSET));
        lines.putInt(line + EXPIRES_OFFSET, file.getInt(from + EXPIRES_OFFSET));
        records.addReferences(slot, 1);
        ServerLoad.bindTemplate(records, server);
        table.insert(template, file.getInt(from + FLAGS_OFFSET) & ~USED);
        wheel.schedule(template, nowTicks);
        return template;
    }

    /** A connection that was taken over depends on the template. At start. */
    void adoptUse(int template) {
        lines.getAndAddInt(ConnectionTable.line(template) + CONTROLLED_OFFSET, 1);
    }

    /** A connection uses the template: its whole time begins again. Under the lock. */
    public void use(int template, int timeoutTicks) {
        final long line = ConnectionTable.line(template);
        lines.getAndAddInt(line + CONTROLLED_OFFSET, 1);
        restart(template, timeoutTicks);
    }

    /** Restarts the template's time. Under the lock. */
    public void restart(int template, int timeoutTicks) {
        lines.putInt(ConnectionTable.line(template) + TIMEOUT_OFFSET, timeoutTicks);
        wheel.reschedule(template, nowTicks + timeoutTicks, nowTicks);
    }

    /** Timeout that the template was last given, in ticks. Under the lock. */
    public int timeout(int template) {
        return lines.getInt(ConnectionTable.line(template) + TIMEOUT_OFFSET);
    }

    /** A template whose server may not be used any more is not found again. Under the lock. */
    public void invalidate(int template) {
        final long line = ConnectionTable.line(template);
        if ((lines.getShort(line + VIRTUAL_PORT_OFFSET) & 0xFFFF) != INVALID_PORT) {
            table.invalidateTemplate(template);
        }
    }

    /** The server of a template, or null when it is gone for good. */
    public @Nullable RealServer server(int template) {
        final int slot = lines.getInt(ConnectionTable.line(template) + SERVER_SLOT_OFFSET);
        return slot < 0 ? null : slots.server(slot);
    }

    /** A connection made through the template ended. Any worker, without the lock. */
    void release(int template) {
        lines.getAndAddInt(ConnectionTable.line(template) + CONTROLLED_OFFSET, -1);
    }

    /** The template's client has shown itself. Any worker, without the lock. */
    void assure(int template) {
        final long index = ConnectionTable.line(template) + FLAGS_OFFSET;
        int flags;
        do {
            flags = lines.getIntVolatile(index);
            if ((flags & ASSURED) != 0) {
                return;
            }
        } while (!lines.compareAndSetInt(index, flags, flags | ASSURED));
    }

    /** Expires what is due, a bounded piece. Called by one worker's timers. */
    public int expire(int ticks, int limit) {
        lock(ticks);
        try {
            return wheel.advance(nowTicks, limit, this);
        } finally {
            unlock();
        }
    }

    /** Ends all templates without connections whose server was deleted (expire_nodest_conn). */
    public void sweep(int ticks) {
        lock(ticks);
        try {
            for (int template = 0; template < table.touched(); template++) {
                final long line = ConnectionTable.line(template);
                final RealServer server = (lines.getInt(line + FLAGS_OFFSET) & USED) == 0 ? null : server(template);
                if (server != null
                        && (records.flags(server.slot()) & ServerRecords.AVAILABLE) == 0
                        && lines.getIntVolatile(line + CONTROLLED_OFFSET) <= 0) {
                    wheel.cancel(template);
                    onExpired(template);
                }
            }
        } finally {
            unlock();
        }
    }

    @Override
    public void onExpired(int template) {
        final long line = ConnectionTable.line(template);
        if (lines.getIntVolatile(line + CONTROLLED_OFFSET) > 0) {
            lines.putInt(line + TIMEOUT_OFFSET, Timeouts.CONTROLLING);
            lines.putInt(line + EXPIRES_OFFSET, nowTicks + Timeouts.CONTROLLING);
            wheel.schedule(template, nowTicks);
            return;
        }
        final RealServer server = server(template);
        table.remove(template);
        if (server != null) {
            ServerLoad.unbindTemplate(records, server);
            records.addReferences(server.slot(), -1);
        }
    }
}
