// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

/**
 * An address of either family as data. IPv4 lies in the low 32 bits of {@code low}, host order, with {@code high} 0.
 *
 * @param family 4 or 6
 * @param high first 64 bits of an IPv6 address, host order
 * @param low last 64 bits of an IPv6 address, or the IPv4 address
 */
public record InetAddr(int family, long high, long low) {
    /** An IPv4 address given as a host-order int. */
    public static InetAddr v4(int address) {
        return new InetAddr(4, 0, Integer.toUnsignedLong(address));
    }

    /** The IPv4 address as a host-order int. */
    public int asV4() {
        return (int) low;
    }
}
