// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.table;

import java.util.List;
import java.util.Optional;
import org.ulvs.cnc.ServerSpec;
import org.ulvs.cnc.ServiceSpec;
import org.ulvs.control.lvscf.VirtualServer;

/**
 * A service that lvs.cf asks for.
 *
 * @param spec as the dataplane is told
 * @param virtuals the virtual blocks that it comes from: several only where they share a firewall mark
 * @param servers its servers in the order of the file
 * @param sorryServer what to use while none of them is up
 * @param quiesce whether a server that is down stays with weight 0
 */
public record PlannedService(
        ServiceSpec spec,
        List<VirtualServer> virtuals,
        List<PlannedServer> servers,
        Optional<ServerSpec> sorryServer,
        boolean quiesce) {
    /** A service with its own lists. */
    public PlannedService {
        virtuals = List.copyOf(virtuals);
        servers = List.copyOf(servers);
    }

    /** Name of its first virtual block. */
    public String name() {
        return virtuals.get(0).name();
    }
}
