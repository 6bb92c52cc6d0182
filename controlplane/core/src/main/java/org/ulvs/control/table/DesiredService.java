// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.table;

import java.util.List;
import org.ulvs.cnc.ServerSpec;
import org.ulvs.cnc.ServiceSpec;

/**
 * A service as the table should hold it at this moment: health and weights are in it.
 *
 * @param spec the service
 * @param servers its servers, in the order in which they are to be added
 */
public record DesiredService(ServiceSpec spec, List<ServerSpec> servers) {
    /** A service with its own list. */
    public DesiredService {
        servers = List.copyOf(servers);
    }
}
