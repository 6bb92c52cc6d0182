// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.shim;

/** Takes what rtnetlink tells about IPv4, message by message, on the thread that reads the socket. */
public interface NetlinkListener {
    /**
     * An interface.
     *
     * @param mac 48-bit number, 0 where there is none
     * @param flags IFF_*
     * @param removed whether it is gone
     */
    default void onLink(int index, String name, long mac, int mtu, int flags, boolean removed) {}

    /** An address of the host, host-order int. */
    default void onAddress(int interfaceIndex, int address, int prefixLength, int flags, boolean removed) {}

    /** A route. */
    default void onRoute(Route route, boolean removed) {}

    /**
     * A neighbour.
     *
     * @param address host-order int
     * @param mac 48-bit number, 0 where it is not known
     * @param state union of NUD_* bits
     */
    default void onNeighbour(int interfaceIndex, int address, long mac, int state, boolean removed) {}

    /**
     * A route; the first usable next hop of a multipath route.
     *
     * @param table number, 254 for main, 255 for local
     * @param type RTN_*: 1 unicast, 2 local
     * @param destination host-order int
     * @param prefixLength of the destination, 0 to 32
     * @param priority metric, lower is better
     * @param interfaceIndex of the way out, 0 for none
     * @param gateway host-order int, 0 for on-link
     * @param source preferred source, 0 for none
     * @param mtu of the route, 0 for that of the interface
     */
    record Route(
            int table,
            int type,
            int destination,
            int prefixLength,
            int priority,
            int interfaceIndex,
            int gateway,
            int source,
            int mtu) {
        /** RTN_UNICAST. */
        public static final int UNICAST = 1;
        /** RT_TABLE_MAIN. */
        public static final int MAIN = 254;
        /** RT_TABLE_LOCAL. */
        public static final int LOCAL = 255;
    }
}
