// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

/**
 * What commands may do to the dataplane process beyond its table. Implemented by the engine and called by the conductor
 * thread. Each method returns {@link Errno}.
 */
public interface HostAdmin {
    /**
     * Owns an address: ARP requests and echo requests for it are answered on the device, and a gratuitous ARP is sent
     * at once. Owning it again moves it to the device. What is owned is part of the table image.
     *
     * @param device name of an interface of the dataplane, empty for all of them, or {@link OwnedAddress#NOWHERE};
     *     ENODEV for another
     */
    int ownAddress(InetAddr address, String device);

    /** No longer owns an address. EADDRNOTAVAIL when it was not owned. */
    int disownAddress(InetAddr address);

    /** Sends gratuitous ARP for an owned address once more. EADDRNOTAVAIL when it is not owned. */
    int announceAddress(InetAddr address);

    /** Ends the process in good order after the reply has been sent. */
    int stop();
}
