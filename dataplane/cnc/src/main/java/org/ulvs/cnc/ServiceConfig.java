// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

import java.util.List;

/**
 * A virtual service with its real servers, as an atomic replacement of the table describes it.
 *
 * @param service the service
 * @param servers in the order in which they are added, so that the last one is the newest
 */
public record ServiceConfig(ServiceSpec service, List<ServerSpec> servers) {
    /** Copies the list. */
    public ServiceConfig {
        servers = List.copyOf(servers);
    }
}
