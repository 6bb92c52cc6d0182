// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvscf;

import java.util.List;

/**
 * A virtual or a failover block.
 *
 * @param kind which of the two
 * @param name after the keyword
 * @param line where the block starts
 * @param section its values
 * @param servers its real servers in order; none in a failover block
 */
public record VirtualServer(BlockKind kind, String name, int line, Section section, List<RealServer> servers) {
    /** A service with its own list of servers. */
    public VirtualServer {
        servers = List.copyOf(servers);
    }

    /** Whether it is in use. */
    public boolean active() {
        return section.value(VirtualKeys.ACTIVE);
    }

    /** Virtual IP and device; an active service of a usable configuration has them. */
    public HostDevice address() {
        return section.value(VirtualKeys.ADDRESS);
    }

    /** Port, 0 for all. */
    public int port() {
        return section.value(VirtualKeys.PORT);
    }

    /** {@code tcp}, {@code udp} or {@code sctp}. */
    public String protocol() {
        return section.value(VirtualKeys.PROTOCOL);
    }

    /** Firewall mark as an unsigned number in an int, 0 for none. */
    public int mark() {
        return section.value(VirtualKeys.FWMARK).intValue();
    }

    /** Scheduler. */
    public String scheduler() {
        return section.value(VirtualKeys.SCHEDULER);
    }

    /** Persistence in seconds, 0 for none. */
    public int persistentSeconds() {
        return (int) section.value(VirtualKeys.PERSISTENT).toSeconds();
    }

    /** Servers that are in use. */
    public List<RealServer> activeServers() {
        return servers.stream().filter(RealServer::active).toList();
    }
}
