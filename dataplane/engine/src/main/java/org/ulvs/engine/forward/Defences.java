// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.forward;

import org.ulvs.cnc.ConnectionLayout;
import org.ulvs.engine.connection.Connections;
import org.ulvs.engine.connection.Templates;
import org.ulvs.engine.table.Tunables;
import org.ulvs.engine.table.Tunables.Tunable;

/**
 * drop_entry, drop_packet and secure_tcp: off, on while the connection table is short of free lines (below amemthresh),
 * or always. Looked at once a second. Owned by the worker.
 */
final class Defences {
    private static final int ALWAYS = 3;
    private static final long INTERVAL_NS = 1_000_000_000L;

    private final Tunables tunables;
    private final Connections connections;
    private final Templates templates;
    private boolean isShort;
    private int rateWhenShort;
    private int dropCounter;
    private long nextNs;
    private boolean begun;
    private boolean secureTcp;

    Defences(Tunables tunables, Connections connections, Templates templates) {
        this.tunables = tunables;
        this.connections = connections;
        this.templates = templates;
    }

    /** Begins a batch: what the administrator has changed since the last one is seen. */
    void begin() {
        secureTcp = isOn(Tunable.SECURE_TCP);
    }

    /** Whether the stricter TCP states apply. */
    boolean isSecureTcp() {
        return secureTcp;
    }

    /** Whether this packet, which would make a connection, is one of those to be dropped: the first one is. */
    boolean dropsPacket() {
        final int rate = dropRate();
        if (rate == 0) {
            return false;
        }
        dropCounter--;
        if (dropCounter > 0) {
            return false;
        }
        dropCounter = rate;
        return true;
    }

    private int dropRate() {
        final int mode = tunables.get(Tunable.DROP_PACKET);
        if (mode == ALWAYS) {
            return tunables.get(Tunable.AM_DROPRATE);
        }
        return mode != 0 && isShort ? rateWhenShort : 0;
    }

    /**
     * The second's look.
     *
     * @param ownsTemplates whether this worker looks after the templates, which all share
     * @return connections and templates dropped
     */
    int tick(long nowNs, boolean ownsTemplates) {
        if (begun && nowNs - nextNs < 0) {
            return 0;
        }
        begun = true;
        nextNs = nowNs + INTERVAL_NS;
        final int free = connections.table().capacity() - connections.table().count();
        final int threshold = tunables.get(Tunable.AMEMTHRESH);
        isShort = free < threshold;
        if (isShort) {
            rateWhenShort = threshold / (threshold - free);
            dropCounter = tunables.get(Tunable.DROP_PACKET) == ALWAYS ? dropCounter : rateWhenShort;
        }
        if (!isOn(Tunable.DROP_ENTRY)) {
            return 0;
        }
        final int dropped = connections.dropHalfOpen();
        return ownsTemplates ? dropped + templates.dropUnused((int) (nowNs / ConnectionLayout.TICK_NS)) : dropped;
    }

    private boolean isOn(Tunable tunable) {
        final int mode = tunables.get(tunable);
        return mode == ALWAYS || (mode != 0 && isShort);
    }
}
