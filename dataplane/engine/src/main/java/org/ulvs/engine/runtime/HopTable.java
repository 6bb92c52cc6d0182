// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import org.ulvs.engine.forward.NextHops;

/** Snapshot of the host's routes and neighbours. Immutable but for the marks of use. */
public final class HopTable {
    /** A table that knows no way. */
    static final HopTable EMPTY = new HopTable(
            new PrefixMap.Builder().build(),
            new PrefixMap.Builder().build(),
            new Route[0],
            new PortFacts[0],
            new NeighbourTable(new org.agrona.collections.Long2LongHashMap(0)));

    /** Port of a route that leaves through an interface that is not ours. */
    static final int OTHER_INTERFACE = -1;
    /** Port of a route that forbids. */
    static final int UNREACHABLE = -2;

    /**
     * A route.
     *
     * @param port of the way out, {@link #OTHER_INTERFACE} or {@link #UNREACHABLE}
     * @param gateway 0 for on-link
     * @param source address that the host would use
     * @param mtu of the route
     */
    public record Route(int port, int gateway, int source, int mtu) {}

    /**
     * What the host says about a port.
     *
     * @param mac 48-bit number
     * @param address first IPv4 address, or 0
     * @param inside whether it faces the real servers
     */
    public record PortFacts(long mac, int address, boolean inside) {}

    private final PrefixMap local;
    private final PrefixMap main;
    private final Route[] routes;
    private final PortFacts[] ports;
    private final NeighbourTable neighbours;

    /** A table of addresses of the host, routes by number, ports and neighbours. */
    public HopTable(PrefixMap local, PrefixMap main, Route[] routes, PortFacts[] ports, NeighbourTable neighbours) {
        this.local = local;
        this.main = main;
        this.routes = routes;
        this.ports = ports;
        this.neighbours = neighbours;
    }

    /**
     * See {@link NextHops#lookup}. A packet whose neighbour is not known yet gets a destination that the worker's
     * {@link HoldQueue} understands.
     */
    int lookup(int destination, NextHops.Hop hop, NeighbourRequests requests) {
        if (local.find(destination) != PrefixMap.MISSING) {
            return NextHops.LOCAL;
        }
        final int index = main.find(destination);
        if (index == PrefixMap.MISSING) {
            return NextHops.NO_ROUTE;
        }
        final Route route = routes[index];
        final int port = route.port();
        if (port < 0) {
            return port == UNREACHABLE ? NextHops.NO_ROUTE : NextHops.NOT_OURS;
        }
        hop.port = port;
        hop.mtu = route.mtu();
        hop.sourceAddress = route.source();
        hop.sourceMac = ports[port].mac();
        final int neighbour = nextAddress(route, destination);
        final int slot = neighbours.find(port, neighbour);
        if (slot == NeighbourTable.MISSING) {
            requests.resolve(port, neighbour);
            hop.destinationMac = HoldQueue.destination(neighbour);
            return NextHops.FORWARD;
        }
        neighbours.use(slot);
        hop.destinationMac = neighbours.mac(slot);
        return NextHops.FORWARD;
    }

    private static int nextAddress(Route route, int destination) {
        return route.gateway() == 0 ? destination : route.gateway();
    }

    /** Key of the neighbour on the way to a destination, or 0 where no neighbour of ours is. Conductor. */
    long neighbourKey(int destination) {
        final int index = main.find(destination);
        if (local.find(destination) != PrefixMap.MISSING || index == PrefixMap.MISSING || routes[index].port() < 0) {
            return 0;
        }
        return NeighbourTable.key(routes[index].port(), nextAddress(routes[index], destination));
    }

    Route[] routes() {
        return routes;
    }

    PortFacts port(int port) {
        return ports[port];
    }

    NeighbourTable neighbours() {
        return neighbours;
    }
}
