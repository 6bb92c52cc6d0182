// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

/**
 * A real server as a command describes it.
 *
 * @param address of the server
 * @param port 0 to 65535
 * @param method forwarding method: {@link #MASQUERADE}, {@link #TUNNEL} or {@link #DIRECT}
 * @param weight 0 or more
 * @param upperThreshold connections, 0 for none
 * @param lowerThreshold connections, 0 for none
 * @param tunnelType 0 IPIP, 1 GUE, 2 GRE
 * @param tunnelPort UDP port of a GUE tunnel
 * @param tunnelFlags checksum options of the tunnel
 */
public record ServerSpec(
        InetAddr address,
        int port,
        int method,
        int weight,
        int upperThreshold,
        int lowerThreshold,
        int tunnelType,
        int tunnelPort,
        int tunnelFlags) {
    /** NAT (ipvsadm -m); the number is the kernel's. */
    public static final int MASQUERADE = 0;
    /** The server is the director itself: refused. */
    public static final int LOCAL = 1;
    /** IPIP tunnelling (ipvsadm -i). */
    public static final int TUNNEL = 2;
    /** Direct routing (ipvsadm -g). */
    public static final int DIRECT = 3;

    /** A server without thresholds and tunnel options. */
    public static ServerSpec of(InetAddr address, int port, int method, int weight) {
        return new ServerSpec(address, port, method, weight, 0, 0, 0, 0, 0);
    }
}
