// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvscf;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * What an lvs.cf says, immutable.
 *
 * @param global values of the global level
 * @param virtualServers virtual blocks in order
 * @param failoverServices failover blocks in order
 */
public record Configuration(Section global, List<VirtualServer> virtualServers, List<VirtualServer> failoverServices) {
    /** A configuration with its own lists. */
    public Configuration {
        virtualServers = List.copyOf(virtualServers);
        failoverServices = List.copyOf(failoverServices);
    }

    /** Whether failover services run instead of virtual servers. */
    public boolean failoverMode() {
        return "fos".equals(global.value(GlobalKeys.SERVICE));
    }

    /** Edit counter. */
    public long serial() {
        return global.value(GlobalKeys.SERIAL_NO);
    }

    /** The backup's public address, if there is a backup in use. */
    public Optional<InetAddress> backup() {
        return global.find(GlobalKeys.BACKUP)
                .filter(address -> !address.isAnyLocalAddress() && global.value(GlobalKeys.BACKUP_ACTIVE));
    }

    /** The primary's address on the second heartbeat path, if there is a second path. */
    public Optional<InetAddress> primaryPrivate() {
        return privatePath(GlobalKeys.PRIMARY_PRIVATE, GlobalKeys.PRIMARY);
    }

    /** The backup's address on the second heartbeat path, if there is a second path. */
    public Optional<InetAddress> backupPrivate() {
        return privatePath(GlobalKeys.BACKUP_PRIVATE, GlobalKeys.BACKUP);
    }

    private Optional<InetAddress> privatePath(Key<InetAddress> key, Key<InetAddress> publicKey) {
        return global.find(key)
                .filter(address -> !global.find(publicKey).map(address::equals).orElse(false));
    }

    /** Virtual servers in use. */
    public List<VirtualServer> activeVirtualServers() {
        return virtualServers.stream().filter(VirtualServer::active).toList();
    }

    /** Failover services in use. */
    public List<VirtualServer> activeFailoverServices() {
        return failoverServices.stream().filter(VirtualServer::active).toList();
    }

    /** Forwarding method of a server: its own, its service's, or the file's. */
    public String forwarding(VirtualServer virtual, RealServer server) {
        return server.section()
                .find(ServerKeys.FORWARDING)
                .or(() -> virtual.section().find(VirtualKeys.FORWARDING))
                .orElseGet(() -> global.value(GlobalKeys.NETWORK));
    }

    /** Forwarding method of a service, as its sorry server uses it. */
    public String forwarding(VirtualServer virtual) {
        return virtual.section().find(VirtualKeys.FORWARDING).orElseGet(() -> global.value(GlobalKeys.NETWORK));
    }
}
