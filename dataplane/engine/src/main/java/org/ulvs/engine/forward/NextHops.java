// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.forward;

import org.jspecify.annotations.Nullable;

/**
 * Routes and neighbours of the host as the workers see them: an immutable snapshot that the conductor replaces.
 * Lookups do not allocate. Ports are indices into the dataplane's list of interfaces.
 */
public interface NextHops {
    /** The packet can leave: {@link Hop} is filled. */
    int FORWARD = 0;
    /** The destination is an address of the host itself. */
    int LOCAL = 1;
    /** The route leaves through an interface that is not ours: the host forwards it, or not. */
    int NOT_OURS = 2;
    /** There is no route. */
    int NO_ROUTE = 3;
    /** The route is known but the neighbour is not yet: a request to resolve it has been noted. */
    int UNRESOLVED = 4;

    /**
     * Looks up where a packet to {@code destination} leaves.
     *
     * @param destination IPv4 address, host-order int
     * @param hop filled with port, MTU and source address on {@link #FORWARD} and {@link #UNRESOLVED}, with the MAC
     *     addresses too on {@link #FORWARD}
     * @return one of the constants above
     */
    int lookup(int destination, Hop hop);

    /**
     * The way to a destination behind a gateway whose MAC address is known, as {@link #lookup} would fill it, or null
     * where only {@link #lookup} tells. It is all destinations' behind that gateway, and not to be changed.
     */
    default @Nullable Hop gateway(int destination) {
        return null;
    }

    /** A number that changes whenever another snapshot is in place. */
    default int generation() {
        return 0;
    }

    /** MAC address of a port as a 48-bit number, first byte on the wire highest. */
    long macAddress(int port);

    /** An IPv4 address of the host on a port, as source of what we originate there, or 0. */
    int portAddress(int port);

    /** Whether the port faces the real servers ({@code --inside}); a hint for the order of lookups. */
    boolean isInside(int port);

    /** Result of a lookup; reused by its worker. */
    class Hop {
        /** Bit of a MAC address that no neighbour has: the neighbour is not known yet. */
        private static final long GROUP = 0x0100_0000_0000L;

        /** Index of the interface. */
        public int port;
        /** Our MAC address there, 48-bit number. */
        public long sourceMac;
        /** The neighbour's MAC address, 48-bit number. */
        public long destinationMac;
        /** MTU of the route: bytes of the IP packet. */
        public int mtu;
        /** The address that the host would use as source for this destination. */
        public int sourceAddress;
        /** What {@link NextHops#lookup} returned, where a {@link HopCache} remembers it. */
        int result = FORWARD;

        /** Whether the frame can leave at once: the neighbour's address is one. */
        public boolean isResolved() {
            return (destinationMac & GROUP) == 0;
        }
    }
}
