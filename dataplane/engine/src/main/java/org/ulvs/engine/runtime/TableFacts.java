// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import java.util.List;
import org.ulvs.rules.SourceNat;

/** What the process must know of the table to take its place on the network. Called by the conductor. */
interface TableFacts {
    /**
     * A virtual service without a firewall mark.
     *
     * @param protocol IP protocol number
     * @param address IPv4, host-order int
     * @param port 0 for all
     */
    record Endpoint(int protocol, int address, int port) {}

    /** The IPv4 virtual services without a firewall mark. */
    List<Endpoint> services();

    /** Addresses of the real servers, IPv4 host-order ints, each once. */
    int[] serverAddresses();

    /** Networks whose packets are on their way from real servers to clients: NAT servers, and what is source-NATed. */
    List<Steering.Prefix> insidePrefixes();

    /** How sources of connections that real servers open are translated. */
    List<SourceNat> sourceNats();
}
