// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.forward;

/** Addresses for which the dataplane answers although the host does not have them: VIPs, NAT router addresses. */
public interface OwnedAddresses {
    /** Whether the IPv4 address (host-order int) is ours. Does not allocate. */
    boolean contains(int address);

    /**
     * The address that connections which real servers open have as their source when they are masqueraded through a
     * port: one of ours there, 0 where there is none. Does not allocate.
     */
    default int sourceOn(int port) {
        return 0;
    }
}
