// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.table;

import java.util.List;
import org.ulvs.cnc.ServerSpec;
import org.ulvs.control.lvscf.RealServer;
import org.ulvs.control.lvscf.VirtualServer;

/**
 * A real server of a planned service.
 *
 * @param spec as it is configured, with its full weight
 * @param members the server blocks that stand for it: one, or one of each virtual server that shares a firewall mark
 */
public record PlannedServer(ServerSpec spec, List<Member> members) {
    /**
     * A server block in its virtual server.
     *
     * @param virtual the virtual server
     * @param server the real server
     */
    public record Member(VirtualServer virtual, RealServer server) {
        /** What the member is called in logs and in the journal: {@code http/web1}. */
        public String label() {
            return virtual.name() + '/' + server.name();
        }
    }

    /** A server with its own list. */
    public PlannedServer {
        members = List.copyOf(members);
    }
}
