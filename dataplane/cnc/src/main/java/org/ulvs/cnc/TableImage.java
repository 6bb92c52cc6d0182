// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The configuration of a dataplane at one moment: what {@code table.dat} holds. Immutable.
 *
 * @param connectionCapacity connections that all workers together can hold
 * @param workers number of connection files
 * @param tcpTimeout seconds, as are the next two
 * @param tcpFinTimeout after a FIN
 * @param udpTimeout of UDP
 * @param services in the kernel's list order: newest first
 * @param removed servers without a service that connections still point to
 * @param sysctls all tunables of net.ipv4.vs.* and their text, sorted by name
 * @param rules the rule table as {@code iptables-save} prints it, empty for none
 * @param daemons synchronisation daemons, the master first
 * @param addresses that the dataplane answers for
 */
public record TableImage(
        int connectionCapacity,
        int workers,
        int tcpTimeout,
        int tcpFinTimeout,
        int udpTimeout,
        List<ServiceImage> services,
        List<RemovedServer> removed,
        Map<String, String> sysctls,
        String rules,
        List<SyncDaemonSpec> daemons,
        List<OwnedAddress> addresses) {
    /** An empty table with the kernel's default timeouts. */
    public static final TableImage EMPTY =
            new TableImage(0, 0, 900, 120, 300, List.of(), List.of(), Map.of(), "", List.of(), List.of());

    /** Copies the lists. */
    public TableImage {
        services = List.copyOf(services);
        removed = List.copyOf(removed);
        sysctls = Collections.unmodifiableMap(new TreeMap<>(sysctls));
        daemons = List.copyOf(daemons);
        addresses = List.copyOf(addresses);
    }
}
