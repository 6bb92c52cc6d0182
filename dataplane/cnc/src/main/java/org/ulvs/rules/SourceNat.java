// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.rules;

/**
 * How the source of a packet is to be rewritten.
 *
 * @param masquerade whether the address is that of the interface on which the packet leaves; else the range's
 * @param lowAddress first address to use, host order
 * @param highAddress last address to use, host order
 * @param lowPort first port to use, 0 where the rule leaves the choice
 * @param highPort last port to use, 0 where the rule leaves the choice
 */
public record SourceNat(boolean masquerade, int lowAddress, int highAddress, int lowPort, int highPort) {
    /** Beyond those that a host gives out by itself (Linux' ip_local_port_range ends at 60999). */
    private static final int FIRST_FREE_PORT = 61_000;

    private static final int LAST_FREE_PORT = 65_535;

    /** Whether the rule names the ports to use. */
    public boolean namesPorts() {
        return lowPort != 0;
    }

    /** First of the ports from which one is chosen where the server's own is not kept. */
    public int firstPort() {
        return namesPorts() ? lowPort : FIRST_FREE_PORT;
    }

    /** Last of these ports. */
    public int lastPort() {
        return namesPorts() ? highPort : LAST_FREE_PORT;
    }
}
