// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.connection;

import static org.ulvs.cnc.ConnectionLayout.*;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.agrona.concurrent.AtomicBuffer;
import org.ulvs.cnc.MappedMemory;

/**
 * Takes over the connections that an earlier dataplane left in its files, so that a restart goes on with them. Lines
 * that make no sense (a crash may have cut off a write), that are over, or whose server is unknown are left out. The
 * number of workers may have changed. Runs at start, before the workers do.
 */
public final class Adoption {
    private static final int MAX_TIMEOUT_TICKS = 32 * 24 * 3600 * TICKS_PER_SECOND;

    private final List<Connections> workers;
    private final Templates templates;
    private final IntUnaryOperator workerOf;
    private final int nowTicks;
    private int adopted;
    private int dropped;

    /**
     * An adoption into empty tables.
     *
     * @param workers connections of each worker
     * @param templates shared by the workers
     * @param workerOf the worker to which packets of a client address are steered
     * @param nowTicks current time
     */
    public Adoption(List<Connections> workers, Templates templates, IntUnaryOperator workerOf, int nowTicks) {
        this.workers = workers;
        this.templates = templates;
        this.workerOf = workerOf;
        this.nowTicks = nowTicks;
    }

    /** Takes over the templates of a file, then the connections of the workers' files. */
    public void adopt(AtomicBuffer templateFile, List<? extends AtomicBuffer> connectionFiles) {
        final int[] templateOf = adoptTemplates(new MappedMemory(templateFile));
        for (final AtomicBuffer file : connectionFiles) {
            adoptConnections(new MappedMemory(file), templateOf);
        }
    }

    /** Connections and templates taken over. */
    public int adopted() {
        return adopted;
    }

    /** Connections and templates left out. */
    public int dropped() {
        return dropped;
    }

    private static int lineCount(MappedMemory file) {
        if (file.capacity() < HEADER_LENGTH || file.getInt(VERSION_OFFSET) != VERSION) {
            return 0;
        }
        final int claimed = file.getInt(CAPACITY_OFFSET);
        final long present = (file.capacity() - HEADER_LENGTH) / LINE_LENGTH;
        return (int) Math.max(0, Math.min(claimed, present));
    }

    private int[] adoptTemplates(MappedMemory file) {
        final int[] templateOf = new int[lineCount(file)];
        Arrays.fill(templateOf, Templates.NONE);
        for (int i = 0; i < templateOf.length; i++) {
            final long line = ConnectionTable.line(i);
            final int flags = file.getInt(line + FLAGS_OFFSET);
            if ((flags & USED) != 0) {
                final boolean fits = (flags & TEMPLATE) != 0 && isPlausible(file, line);
                templateOf[i] = fits ? templates.adopt(file, line) : Templates.NONE;
                count(templateOf[i] != Templates.NONE);
            }
        }
        return templateOf;
    }

    private void adoptConnections(MappedMemory file, int[] templateOf) {
        final int count = lineCount(file);
        final int[] connectionOf = new int[count];
        Arrays.fill(connectionOf, Connections.NONE);
        for (int i = 0; i < count; i++) {
            final long line = ConnectionTable.line(i);
            final int flags = file.getInt(line + FLAGS_OFFSET);
            if ((flags & USED) != 0) {
                final boolean fits = (flags & (TEMPLATE | Connections.HIDDEN)) == 0 && isPlausible(file, line);
                connectionOf[i] = fits ? worker(file, line).adopt(file, line) : Connections.NONE;
                count(connectionOf[i] != Connections.NONE);
            }
        }
        for (int i = 0; i < count; i++) {
            if (connectionOf[i] != Connections.NONE) {
                link(file, i, connectionOf, templateOf);
            }
        }
    }

    private Connections worker(MappedMemory file, long line) {
        return workers.get(workerOf.applyAsInt(file.getInt(line + CLIENT_ADDRESS_OFFSET)));
    }

    private void link(MappedMemory file, int i, int[] connectionOf, int[] templateOf) {
        final long line = ConnectionTable.line(i);
        final int control = file.getInt(line + CONTROL_OFFSET) - 1;
        final boolean toTemplate = (file.getInt(line + FLAGS_OFFSET) & Connections.TEMPLATE_CONTROL) != 0;
        final int[] of = toTemplate ? templateOf : connectionOf;
        if (control < 0 || control >= of.length || of[control] == Connections.NONE) {
            return;
        }
        if (toTemplate) {
            worker(file, line).controlledBy(connectionOf[i], of[control]);
            templates.adoptUse(of[control]);
        } else {
            worker(file, line).controlledByConnection(connectionOf[i], of[control]);
        }
    }

    private boolean isPlausible(MappedMemory file, long line) {
        final int left = file.getInt(line + EXPIRES_OFFSET) - nowTicks;
        final int state = file.getByte(line + STATE_OFFSET);
        return left > 0 && left <= MAX_TIMEOUT_TICKS && state >= 0 && state < TcpStates.COUNT;
    }

    private void count(boolean taken) {
        if (taken) {
            adopted++;
        } else {
            dropped++;
        }
    }
}
