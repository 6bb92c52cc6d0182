// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.edit;

import java.util.Optional;
import org.ulvs.control.lvscf.BlockIds;
import org.ulvs.control.lvscf.Configuration;
import org.ulvs.control.lvscf.RealServer;
import org.ulvs.control.lvscf.VirtualServer;

/**
 * A real server in its virtual server, as lvs.cf has them.
 *
 * @param virtual of the server
 * @param server itself
 */
public record ConfiguredServer(VirtualServer virtual, RealServer server) {
    /** The virtual server of an identifier. */
    public static Optional<VirtualServer> virtual(Configuration configuration, String id) {
        return BlockIds.find(configuration.virtualServers(), VirtualServer::name, id);
    }

    /** The real server of two identifiers. */
    public static Optional<ConfiguredServer> find(Configuration configuration, String virtualId, String serverId) {
        return virtual(configuration, virtualId)
                .flatMap(virtual -> BlockIds.find(virtual.servers(), RealServer::name, serverId)
                        .map(server -> new ConfiguredServer(virtual, server)));
    }
}
