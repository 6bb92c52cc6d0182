// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.connection;

import static org.ulvs.cnc.ConnectionLayout.*;

import java.util.Arrays;
import org.ulvs.cnc.MappedMemory;

/**
 * Timers of connections, threaded through their lines. A packet only moves a connection's expiry forward in its line;
 * the wheel looks at it when the slot comes round and puts it back if it is not due. Moving an expiry backwards relinks
 * at once. Single writer: the worker that owns the table.
 */
public final class TimerWheel {
    /** What happens to connections that are due. */
    public interface ExpiryHandler {
        /**
         * The connection is due and off the wheel: remove it, or give it a new expiry and {@link #schedule} it.
         *
         * @param connection line number
         */
        void onExpired(int connection);
    }

    private static final int NONE = ConnectionTable.NONE;
    private static final int SLOT_TICKS_SHIFT = 3;
    private static final int SLOTS = 16_384;
    private static final int MASK = SLOTS - 1;

    private final MappedMemory lines;
    private final int[] heads = new int[SLOTS];
    private int cursor;

    /**
     * Makes an empty wheel.
     *
     * @param lines of the connection table
     * @param nowTicks current time
     */
    public TimerWheel(MappedMemory lines, int nowTicks) {
        this.lines = lines;
        this.cursor = nowTicks >>> SLOT_TICKS_SHIFT;
        Arrays.fill(heads, NONE);
    }

    /** Puts a connection that is on no slot where its expiry says. */
    public void schedule(int connection, int nowTicks) {
        final long line = ConnectionTable.line(connection);
        final int slot = slot(lines.getInt(line + EXPIRES_OFFSET), nowTicks);
        final int head = heads[slot];
        lines.putInt(line + NEXT_OFFSET, head);
        lines.putInt(line + PREVIOUS_OFFSET, ~slot);
        if (head != NONE) {
            lines.putInt(ConnectionTable.line(head) + PREVIOUS_OFFSET, connection);
        }
        heads[slot] = connection;
    }

    /** Sets a later or an earlier expiry of a connection that is on the wheel. */
    public void reschedule(int connection, int expiresTicks, int nowTicks) {
        final long line = ConnectionTable.line(connection);
        final int before = lines.getInt(line + EXPIRES_OFFSET);
        if (expiresTicks - before >= 0) {
            lines.putInt(line + EXPIRES_OFFSET, expiresTicks);
            return;
        }
        cancel(connection);
        lines.putInt(line + EXPIRES_OFFSET, expiresTicks);
        schedule(connection, nowTicks);
    }

    /** Takes a connection off the wheel. */
    public void cancel(int connection) {
        final long line = ConnectionTable.line(connection);
        final int next = lines.getInt(line + NEXT_OFFSET);
        final int previous = lines.getInt(line + PREVIOUS_OFFSET);
        if (previous < 0) {
            heads[~previous] = next;
        } else {
            lines.putInt(ConnectionTable.line(previous) + NEXT_OFFSET, next);
        }
        if (next != NONE) {
            lines.putInt(ConnectionTable.line(next) + PREVIOUS_OFFSET, previous);
        }
    }

    private int slot(int expiresTicks, int nowTicks) {
        final int ahead = Math.max(expiresTicks - nowTicks, 0) + (nowTicks & ((1 << SLOT_TICKS_SHIFT) - 1));
        // not among the slots that the cursor has still to pass, or what is far away would be met again at once
        final int lag = Math.min(Math.max(slotsBehind(nowTicks >>> SLOT_TICKS_SHIFT), 0), SLOTS - 2);
        final int turns = Math.min((ahead >>> SLOT_TICKS_SHIFT) + 1, SLOTS - 1 - lag);
        return ((nowTicks >>> SLOT_TICKS_SHIFT) + turns) & MASK;
    }

    /** Signed distance that stays right where the tick number wraps: slot numbers have 29 bits. */
    private int slotsBehind(int target) {
        return ((target - cursor) << SLOT_TICKS_SHIFT) >> SLOT_TICKS_SHIFT;
    }

    /**
     * Expires what is due, at most {@code limit} connections looked at.
     *
     * @return connections looked at
     */
    public int advance(int nowTicks, int limit, ExpiryHandler handler) {
        final int target = nowTicks >>> SLOT_TICKS_SHIFT;
        if (slotsBehind(target) > SLOTS) {
            cursor = target - SLOTS;
        }
        int looked = 0;
        while (slotsBehind(target) >= 0 && looked < limit) {
            final int slot = cursor & MASK;
            int connection = heads[slot];
            while (connection != NONE && looked < limit) {
                looked++;
                cancel(connection);
                if (lines.getInt(ConnectionTable.line(connection) + EXPIRES_OFFSET) - nowTicks <= 0) {
                    handler.onExpired(connection);
                } else {
                    schedule(connection, nowTicks);
                }
                connection = heads[slot];
            }
            if (connection == NONE) {
                cursor++;
            }
        }
        return looked;
    }
}
