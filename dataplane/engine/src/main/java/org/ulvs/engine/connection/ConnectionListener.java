// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.connection;

import org.agrona.DirectBuffer;

/** Hears of the life of a worker's connections; the one place where a synchronisation stream can listen. */
public interface ConnectionListener {
    /** A connection was made. */
    void onCreated();

    /**
     * A connection with a sequence adjustment is taken over from an earlier process.
     *
     * @param file of the earlier process
     * @param offset of the adjustment in it
     * @return index of the adjustment from now on, 0 if it is lost
     */
    int onSequenceAdopted(DirectBuffer file, int offset);

    /** A connection's time ended. */
    void onExpired();

    /** A half-open connection had to make room. */
    void onEvicted();

    /** A new connection found no room. */
    void onTableFull();

    /** A persistent client is served without a template, for which there was no room. */
    void onTemplateMissed();

    /**
     * A connection goes, for whatever reason; its line is still readable.
     *
     * @param connection line number
     * @param sequence index of its sequence adjustment, 0 for none
     */
    void onDestroyed(int connection, int sequence);
}
