// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.connection;

/** Hears of the life of a worker's connections; the one place where a synchronisation stream can listen. */
public interface ConnectionListener {
    /** A connection was made. */
    void onCreated();

    /** A connection's time ended. */
    void onExpired();

    /** A half-open connection had to make room. */
    void onEvicted();

    /** A new connection found no room. */
    void onTableFull();

    /**
     * A connection goes, for whatever reason; its line is still readable.
     *
     * @param connection line number
     * @param sequence index of its sequence adjustment, 0 for none
     */
    void onDestroyed(int connection, int sequence);
}
