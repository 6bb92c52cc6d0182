// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.conform;

import org.ulvs.engine.forward.NextHops;
import org.ulvs.engine.forward.OwnedAddresses;
import org.ulvs.testkit.Addresses;

/**
 * The network of the recordings: clients behind a router on c0 (port 0), real servers on s0 (port 1), and the addresses
 * that the recorded director had.
 */
final class ReplayNetwork implements NextHops, OwnedAddresses {
    static final int CLIENTS = 0;
    static final int SERVERS = 1;

    private static final int VIRTUAL_ADDRESS = Addresses.ip("10.0.0.100");
    private static final int FARM_NETWORK = Addresses.ip("10.9.0.0");
    private static final int CLIENT_NETWORK = Addresses.ip("10.0.1.0");
    private static final int SERVER_NETWORK = Addresses.ip("10.0.2.0");
    private static final int MASK_24 = 0xFFFF_FF00;
    private static final int MASK_16 = 0xFFFF_0000;
    private static final int DIRECTOR_HOST = 254;
    private static final long ROUTER_MAC = Addresses.mac("02:00:00:00:01:01");
    private static final long SERVER_MAC = Addresses.mac("02:00:00:00:02:00");
    private static final long[] PORT_MACS = {Addresses.mac("02:00:00:00:01:fe"), Addresses.mac("02:00:00:00:02:fe")};

    private final int[] mtus = {1500, 1500};

    /** Changes the MTU of a port. */
    void mtu(int port, int mtu) {
        mtus[port] = mtu;
    }

    static String deviceName(int port) {
        return port == CLIENTS ? "c0" : "s0";
    }

    static int port(String device) {
        return "c0".equals(device) ? CLIENTS : SERVERS;
    }

    /** Hardware address of the real server with this IPv4 address. */
    static long serverMac(int address) {
        return SERVER_MAC | (address & 0xFF);
    }

    static long routerMac() {
        return ROUTER_MAC;
    }

    @Override
    public int lookup(int destination, Hop hop) {
        if (contains(destination) || destination == portAddress(CLIENTS) || destination == portAddress(SERVERS)) {
            return LOCAL;
        }
        final boolean server = (destination & MASK_24) == SERVER_NETWORK;
        hop.port = server ? SERVERS : CLIENTS;
        hop.sourceMac = PORT_MACS[hop.port];
        hop.destinationMac = server ? serverMac(destination) : ROUTER_MAC;
        hop.mtu = mtus[hop.port];
        hop.sourceAddress = portAddress(hop.port);
        return FORWARD;
    }

    @Override
    public long macAddress(int port) {
        return PORT_MACS[port];
    }

    @Override
    public int portAddress(int port) {
        return (port == CLIENTS ? CLIENT_NETWORK : SERVER_NETWORK) | DIRECTOR_HOST;
    }

    @Override
    public boolean isInside(int port) {
        return port == SERVERS;
    }

    @Override
    public boolean contains(int address) {
        return address == VIRTUAL_ADDRESS || (address & MASK_16) == FARM_NETWORK;
    }
}
