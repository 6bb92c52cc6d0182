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

    /** A connection was bound without the scheduler: through a template, or found again after a restart. */
    public static void bind(ServerRecords records, RealServer server, boolean active) {
        final int slot = server.slot();
        long before;
        do {
            before = records.counts(slot);
        } while (!records.compareAndSetCounts(
                slot, before, Counts.bound(before, active, records.upperThreshold(slot))));
        server.loadChanged();
    }

    /** A connection moved between active and inactive. */
    public static void changeClass(ServerRecords records, RealServer server, boolean active) {
        final int slot = server.slot();
        long before;
        do {
            before = records.counts(slot);
        } while (!records.compareAndSetCounts(slot, before, Counts.change(before, active ? 1 : -1, active ? -1 : 1)));
        server.loadChanged();
    }

    /** A connection ended. */
    public static void unbind(ServerRecords records, RealServer server, boolean active) {
        final int slot = server.slot();
        long before;
        do {
            before = records.counts(slot);
        } while (!records.compareAndSetCounts(
                slot,
                before,
                Counts.unbound(before, active, records.upperThreshold(slot), records.lowerThreshold(slot))));
        server.loadChanged();
    }

    /** A template was bound: it counts apart, but the kernel looks at the threshold then too. */
    public static void bindTemplate(ServerRecords records, RealServer server) {
        final int slot = server.slot();
        records.addPersistent(slot, 1);
        final int upper = records.upperThreshold(slot);
        if (upper != 0 && Counts.total(records.counts(slot)) >= upper) {
            overload(records, slot, true);
            server.loadChanged();
        }
    }

    /** A template ended. */
    public static void unbindTemplate(ServerRecords records, RealServer server) {
        final int slot = server.slot();
        records.addPersistent(slot, -1);
        long before;
        long after;
        do {
            before = records.counts(slot);
            after = Counts.unbound(
                    Counts.change(before, 0, 1), false, records.upperThreshold(slot), records.lowerThreshold(slot));
        } while (!records.compareAndSetCounts(slot, before, after));
        server.loadChanged();
    }

    /** Clears the OVERLOAD flag. Conductor only. */
    static void clearOverload(ServerRecords records, int slot) {
        overload(records, slot, false);
    }

    private static void overload(ServerRecords records, int slot, boolean overloaded) {
        long before;
        do {
            before = records.counts(slot);
        } while (!records.compareAndSetCounts(slot, before, Counts.withOverload(before, overloaded)));
    }
}
