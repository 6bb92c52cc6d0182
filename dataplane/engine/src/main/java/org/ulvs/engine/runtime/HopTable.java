// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
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

    /** The way of all that goes by one route. Immutable. */
    private static final class Gateway extends NextHops.Hop {
        private final int slot;

        Gateway(Route route, PortFacts port, int slot, NeighbourTable neighbours) {
            this.slot = slot;
            fill(this, route, port);
            destinationMac = neighbours.mac(slot);
        }
    }

    /** What an address of the host itself has instead of a route's number. */
    private static final int LOCAL = Integer.MAX_VALUE;

    private final PrefixMap ways;
    private final Route[] routes;
    /** Of each route; null where there is no gateway, or its address is not known. */
    private final @Nullable Gateway[] gateways;

    private final PortFacts[] ports;
    private final NeighbourTable neighbours;

    /**
     * A table of addresses of the host, whatever they map to, of routes by number, of ports and neighbours. As in the
     * kernel, the host's own addresses come before any route.
     */
    public HopTable(PrefixMap local, PrefixMap main, Route[] routes, PortFacts[] ports, NeighbourTable neighbours) {
        this.ways = PrefixMap.overlay(local, LOCAL, main);
        this.routes = routes;
        this.ports = ports;
        this.neighbours = neighbours;
        this.gateways = Arrays.stream(routes).map(this::gatewayOf).toArray(Gateway[]::new);
    }

    private @Nullable Gateway gatewayOf(Route route) {
        if (route.port() < 0 || route.gateway() == 0) {
            return null;
        }
        final int slot = neighbours.find(route.port(), route.gateway());
        return slot == NeighbourTable.MISSING ? null : new Gateway(route, ports[route.port()], slot, neighbours);
    }

    /**
     * See {@link NextHops#lookup}. A packet whose neighbour is not known yet gets a destination that the worker's
     * {@link HoldQueue} understands.
     */
    int lookup(int destination, NextHops.Hop hop, NeighbourRequests requests) {
        final int index = ways.find(destination);
        if (index == LOCAL) {
            return NextHops.LOCAL;
        }
        if (index == PrefixMap.MISSING) {
            return NextHops.NO_ROUTE;
        }
        final Route route = routes[index];
        final int port = route.port();
        if (port < 0) {
            return port == UNREACHABLE ? NextHops.NO_ROUTE : NextHops.NOT_OURS;
        }
        fill(hop, route, ports[port]);
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

    /** See {@link NextHops#gateway}. */
    NextHops.@Nullable Hop gateway(int destination) {
        final int index = ways.find(destination);
        if (index < 0 || index >= gateways.length) {
            return null;
        }
        final Gateway gateway = gateways[index];
        if (gateway != null) {
            neighbours.use(gateway.slot);
        }
        return gateway;
    }

    private static void fill(NextHops.Hop hop, Route route, PortFacts port) {
        hop.port = route.port();
        hop.mtu = route.mtu();
        hop.sourceAddress = route.source();
        hop.sourceMac = port.mac();
    }

    private static int nextAddress(Route route, int destination) {
        return route.gateway() == 0 ? destination : route.gateway();
    }

    /** Key of the neighbour on the way to a destination, or 0 where no neighbour of ours is. Conductor. */
    long neighbourKey(int destination) {
        final int index = ways.find(destination);
        if (index == LOCAL || index == PrefixMap.MISSING || routes[index].port() < 0) {
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
