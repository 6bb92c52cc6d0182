// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvs;

import java.util.List;
import org.ulvs.control.table.PlannedService;

/** One planned service and the states of its servers. */
record ServiceState(PlannedService planned, List<ServerState> servers) {
    ServiceState {
        servers = List.copyOf(servers);
    }
}
