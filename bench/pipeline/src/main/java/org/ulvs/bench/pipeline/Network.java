// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.bench.pipeline;

import org.agrona.collections.Long2LongHashMap;
import org.ulvs.engine.runtime.HopTable;
import org.ulvs.engine.runtime.NeighbourRequests;
import org.ulvs.engine.runtime.NeighbourTable;
import org.ulvs.engine.runtime.PrefixMap;
import org.ulvs.engine.runtime.PublishedNextHops;

/**
 * The network around the director: clients behind a router on port 0, real servers on the link of port 1, and the
 * routes and neighbours that the dataplane's conductor would have published for it.
 */
final class Network {
    static final int OUTSIDE = 0;
    static final int INSIDE = 1;
    static final long OUTSIDE_MAC = 0x0200_0000_01FEL;
    static final long INSIDE_MAC = 0x0200_0000_02FEL;
    static final long ROUTER_MAC = 0x0200_0000_0101L;
    static final int VIRTUAL_PORT = 80;
    static final int SERVER_PORT = 8080;

    private static final long SERVER_MAC = 0x0200_0100_0000L;
    private static final int OUTSIDE_ADDRESS = 0x0A00_01FE;
    private static final int INSIDE_ADDRESS = 0x0A01_FFFE;
    private static final int ROUTER = 0x0A00_0101;
    private static final int SERVERS = 0x0A01_0000;
    private static final int VIRTUAL_ADDRESSES = 0x0AC8_0000;
    private static final int CLIENTS = 0x6440_0000;
    private static final int CLIENT_BITS = 22;
    private static final int PORTS = 64_512;
    private static final int MTU = 1500;

    private Network() {}

    static int virtualAddress(int service) {
        return VIRTUAL_ADDRESSES + 1 + service;
    }

    static int serverAddress(int server) {
        return SERVERS + 1 + server;
    }

    /** Address of the client of a connection; 4 M of them, from 100.64.0.0. */
    static int clientAddress(int connection) {
        return CLIENTS | (connection & (1 << CLIENT_BITS) - 1);
    }

    /** Port of the client of a connection; no two connections have the same address and port. */
    static int clientPort(int connection) {
        final int mixed = ((connection & (1 << CLIENT_BITS) - 1) * 0x9E37_79B1) >>> 16;
        return 1024 + ((connection >>> CLIENT_BITS) * 1031 + mixed) % PORTS;
    }

    /** Routes and neighbours with so many real servers. */
    static PublishedNextHops nextHops(int servers) {
        final PrefixMap local = new PrefixMap.Builder()
                .put(OUTSIDE_ADDRESS, 32, 0)
                .put(INSIDE_ADDRESS, 32, 0)
                .put(0x7F00_0000, 8, 0)
                .build();
        final PrefixMap routes = new PrefixMap.Builder()
                .put(OUTSIDE_ADDRESS, 24, 0)
                .put(INSIDE_ADDRESS, 16, 1)
                .put(0, 0, 2)
                .build();
        final Long2LongHashMap neighbours = new Long2LongHashMap(0);
        neighbours.put(NeighbourTable.key(OUTSIDE, ROUTER), ROUTER_MAC);
        for (int server = 0; server < servers; server++) {
            neighbours.put(NeighbourTable.key(INSIDE, serverAddress(server)), SERVER_MAC + server);
        }
        final PublishedNextHops nextHops = new PublishedNextHops(new NeighbourRequests());
        nextHops.publish(new HopTable(
                local,
                routes,
                new HopTable.Route[] {
                    new HopTable.Route(OUTSIDE, 0, OUTSIDE_ADDRESS, MTU),
                    new HopTable.Route(INSIDE, 0, INSIDE_ADDRESS, MTU),
                    new HopTable.Route(OUTSIDE, ROUTER, OUTSIDE_ADDRESS, MTU)
                },
                new HopTable.PortFacts[] {
                    new HopTable.PortFacts(OUTSIDE_MAC, OUTSIDE_ADDRESS, false),
                    new HopTable.PortFacts(INSIDE_MAC, INSIDE_ADDRESS, true)
                },
                new NeighbourTable(neighbours)));
        return nextHops;
    }
}
