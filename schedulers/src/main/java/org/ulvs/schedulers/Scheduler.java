// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

/**
 * One scheduling algorithm at work for one virtual service. All workers call {@link #schedule} at the same time; what
 * they share is lock-free. Nothing here allocates, blocks, reads a clock or does I/O, except {@link #poolChanged},
 * which only the conductor calls.
 */
public interface Scheduler {
    /** No server is usable. */
    int NONE = -1;

    /**
     * Chooses a server for a new connection and books the connection on it ({@link ServerPool#tryBook}).
     *
     * @return position of the server in the pool, or {@link #NONE}
     */
    int schedule(ConnectionRequest request);

    /**
     * The counts, or the OVERLOAD flag, of a server changed. Called by any worker after each such change, except after
     * the bookings that {@link #schedule} itself made.
     */
    default void loadChanged(int position) {}

    /**
     * A server was edited in place (ipvsadm -e), whether or not its weight differs from before: wrr starts its round
     * again at each edit. Called by the conductor once weight, last weight and OVERLOAD flag are as they shall be.
     */
    default void weightChanged(int position) {}

    /**
     * A successor for a changed set of servers (ipvsadm -a, -d), which takes over what must survive: rr's position,
     * lblc's cache. Called by the conductor; this instance goes on serving workers that have not yet seen the change.
     *
     * @param pool the new set
     * @param removedId id of the server that went, or -1
     */
    Scheduler poolChanged(ServerPool pool, int removedId);

    /** The service's scheduler flags changed (ipvsadm -E with the same scheduler). Called by the conductor. */
    default void flagsChanged(int flags) {}

    /** How often something could not be remembered because a fixed capacity was used up (lblc, lblcr). */
    default long overflows() {
        return 0;
    }

    /** Housekeeping by time, about once a second, from the conductor. */
    default void tick(long nowMillis) {}
}
