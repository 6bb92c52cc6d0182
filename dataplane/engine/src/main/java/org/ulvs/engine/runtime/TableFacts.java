// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import java.util.List;

/** What the process must know of the table to take its place on the network. Called by the conductor. */
interface TableFacts {
    /** Another object after each change of the table. */
    Object generation();

    /** Addresses of the virtual services, IPv4 host-order ints, each once. */
    int[] virtualAddresses();

    /** Addresses of the real servers, IPv4 host-order ints, each once. */
    int[] serverAddresses();

    /** Networks whose packets are on their way from real servers to clients: NAT servers, and what is source-NATed. */
    List<Steering.Prefix> insidePrefixes();
}
