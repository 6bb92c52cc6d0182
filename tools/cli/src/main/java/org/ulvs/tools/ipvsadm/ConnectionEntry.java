// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.ipvsadm;

import org.ulvs.cnc.ConnectionLayout;

/**
 * One line of a connection table.
 *
 * @param protocol IP protocol number, 0 for a template of a firewall mark service
 * @param state number of the TCP state
 * @param flags of ConnectionLayout
 * @param remainingSeconds until it expires
 * @param clientAddress host-order int, as are the next two
 * @param clientPort of the client
 * @param virtualAddress of the service; the mark itself for a template of a firewall mark service
 * @param virtualPort of the service
 * @param serverAddress of the real server
 * @param serverPort of the real server
 */
record ConnectionEntry(
        int protocol,
        int state,
        int flags,
        long remainingSeconds,
        int clientAddress,
        int clientPort,
        int virtualAddress,
        int virtualPort,
        int serverAddress,
        int serverPort) {
    boolean isTemplate() {
        return (flags & ConnectionLayout.TEMPLATE) != 0;
    }
}
