// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;
import org.ulvs.engine.forward.NextHops;

/** The {@link HopTable} that the conductor published last, for all workers. */
public final class PublishedNextHops implements NextHops {
    private static final VarHandle TABLE;
    private static final VarHandle GENERATION;

    static {
        try {
            TABLE = MethodHandles.lookup().findVarHandle(PublishedNextHops.class, "table", HopTable.class);
            GENERATION = MethodHandles.lookup().findVarHandle(PublishedNextHops.class, "generation", int.class);
        } catch (final ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final NeighbourRequests requests;
    /** Read plainly, once and more a packet: a table is immutable, and between batches a worker reads it anew. */
    private HopTable table = HopTable.EMPTY;

    private volatile int generation;

    /** Over a table that knows no way yet. */
    public PublishedNextHops(NeighbourRequests requests) {
        this.requests = requests;
    }

    /** Puts a table in place for all workers. Conductor. */
    public void publish(HopTable next) {
        TABLE.setVolatile(this, next);
        GENERATION.getAndAdd(this, 1);
    }

    @Override
    public int lookup(int destination, Hop hop) {
        return table.lookup(destination, hop, requests);
    }

    @Override
    public @Nullable Hop gateway(int destination) {
        return table.gateway(destination);
    }

    /** MAC address of a neighbour, or 0 where it is not known; then it is asked for again. */
    long neighbour(int port, int address) {
        final NeighbourTable neighbours = table.neighbours();
        final int slot = neighbours.find(port, address);
        if (slot == NeighbourTable.MISSING) {
            requests.resolve(port, address);
            return 0;
        }
        return neighbours.mac(slot);
    }

    @Override
    public int generation() {
        return generation;
    }

    @Override
    public long macAddress(int port) {
        return table.port(port).mac();
    }

    @Override
    public int portAddress(int port) {
        return table.port(port).address();
    }

    @Override
    public boolean isInside(int port) {
        return table.port(port).inside();
    }
}
