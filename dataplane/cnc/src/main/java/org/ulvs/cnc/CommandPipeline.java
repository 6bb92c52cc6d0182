// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Sends table commands without waiting for each reply; at most {@link #WINDOW} are under way. For the one thread of its
 * {@link CncClient}, which sends nothing else until {@link #drain}.
 */
public final class CommandPipeline {
    /** Commands under way at most. */
    public static final int WINDOW = CommandAdapter.COMMANDS_PER_CYCLE;

    /** Receives results in the order of the commands. */
    @FunctionalInterface
    public interface ResultHandler {
        /**
         * A command has been done, or refused.
         *
         * @param number of the command, from 0
         * @param result of it
         */
        void onResult(long number, CommandResult result);
    }

    private final CncClient client;
    private final ResultHandler handler;
    private final TableAdmin table;
    private final Queue<Long> outstanding = new ArrayDeque<>();
    private long finished;

    CommandPipeline(CncClient client, ResultHandler handler) {
        this.client = client;
        this.handler = handler;
        this.table = new TableProxy(client, this::submit);
    }

    private CommandResult submit(int type) {
        outstanding.add(client.send(type));
        if (outstanding.size() == WINDOW) {
            finishOldest();
        }
        return CommandResult.OK;
    }

    private void finishOldest() {
        final CommandResult result = client.await(outstanding.remove());
        handler.onResult(finished++, result);
    }

    /** The table; calls return {@link Errno#OK} at once, and the result goes to the handler. */
    public TableAdmin table() {
        return table;
    }

    /** Waits for all results. */
    public void drain() {
        while (!outstanding.isEmpty()) {
            finishOldest();
        }
    }
}
