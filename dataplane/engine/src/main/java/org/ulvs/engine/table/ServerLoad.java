// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.table;

import org.ulvs.cnc.ServerRecords;
import org.ulvs.schedulers.Counts;

/**
 * The rules by which connections change a server's counts and its OVERLOAD flag (the kernel's bind, unbind and state
 * change). Any worker; lock-free.
 */
public final class ServerLoad {
    private ServerLoad() {}

    static void setOverloadAtThreshold(ServerRecords records, int slot, long counts) {
        final int upper = records.upperThreshold(slot);
        if (upper != 0 && Counts.total(counts) >= upper) {
            records.changeFlags(slot, ServerRecords.OVERLOADED, 0);
        }
    }

    private static long change(ServerRecords records, int slot, int active, int inactive) {
        while (true) {
            final long before = records.counts(slot);
            final long after = Counts.change(before, active, inactive);
            if (records.compareAndSetCounts(slot, before, after)) {
                return after;
            }
        }
    }

    /** A connection was bound without the scheduler (through a template, or found again after a restart). */
    public static void bind(ServerRecords records, RealServer server, boolean active) {
        final long after = change(records, server.slot(), active ? 1 : 0, active ? 0 : 1);
        setOverloadAtThreshold(records, server.slot(), after);
        server.loadChanged();
    }

    /** A template was bound: it counts apart and may be what finds the server overloaded. */
    public static void bindTemplate(ServerRecords records, RealServer server) {
        records.addPersistent(server.slot(), 1);
        setOverloadAtThreshold(records, server.slot(), records.counts(server.slot()));
        server.loadChanged();
    }

    /** A connection moved between active and inactive. */
    public static void changeClass(ServerRecords records, RealServer server, boolean active) {
        change(records, server.slot(), active ? 1 : -1, active ? -1 : 1);
        server.loadChanged();
    }

    /** A connection ended. */
    public static void unbind(ServerRecords records, RealServer server, boolean active) {
        final long after = change(records, server.slot(), active ? -1 : 0, active ? 0 : -1);
        clearOverload(records, server.slot(), Counts.total(after));
        server.loadChanged();
    }

    /** A template ended. */
    public static void unbindTemplate(ServerRecords records, RealServer server) {
        records.addPersistent(server.slot(), -1);
        clearOverload(records, server.slot(), Counts.total(records.counts(server.slot())));
        server.loadChanged();
    }

    private static void clearOverload(ServerRecords records, int slot, int total) {
        final int lower = records.lowerThreshold(slot);
        final int upper = records.upperThreshold(slot);
        final boolean free;
        if (lower != 0) {
            free = total < lower;
        } else if (upper != 0) {
            free = total * 4L < upper * 3L;
        } else {
            free = true;
        }
        if (free) {
            records.changeFlags(slot, 0, ServerRecords.OVERLOADED);
        }
    }
}
