// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.table;

import java.util.List;
import java.util.Optional;
import org.ulvs.cnc.OwnedAddress;

/**
 * What the dataplane should hold at this moment.
 *
 * @param services services with their servers
 * @param addresses to answer for
 * @param tcpTimeout seconds, 0 to leave it, as are the next two
 * @param tcpFinTimeout after a FIN
 * @param udpTimeout of UDP
 * @param rules mark rules, or empty to leave them alone
 */
public record DesiredTable(
        List<DesiredService> services,
        List<OwnedAddress> addresses,
        int tcpTimeout,
        int tcpFinTimeout,
        int udpTimeout,
        Optional<String> rules) {
    /** Nothing: a director that stands by. */
    public static final DesiredTable NOTHING = new DesiredTable(List.of(), List.of(), 0, 0, 0, Optional.empty());

    /** A table with its own lists. */
    public DesiredTable {
        services = List.copyOf(services);
        addresses = List.copyOf(addresses);
    }
}
