// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

/**
 * The packet that wants a real server, as far as schedulers look at it. Reused by its worker.
 *
 * <p>Fields are public because this is a plain record of arguments that must not be allocated for each call.
 */
public final class ConnectionRequest {
    /** Source address (IPv4, host-order int); the folded address for IPv6. */
    public int sourceAddress;
    /** Destination address (IPv4, host-order int) of the packet. */
    public int destinationAddress;
    /** Source port, 0 where the protocol has none. */
    public int sourcePort;
    /** Destination port, 0 where the protocol has none. */
    public int destinationPort;
    /** Whether the new connection counts as active at once (TCP), else inactive (UDP). */
    public boolean active;
    /** Whether the packet goes from a server to a client (an inverse ICMP): sh and mh then use the destination. */
    public boolean inverse;
    /** The worker's clock in milliseconds, from any origin that does not jump. */
    public long nowMillis;
}
