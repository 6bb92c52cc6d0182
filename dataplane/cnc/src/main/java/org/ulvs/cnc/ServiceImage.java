// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

import java.util.List;

/**
 * A virtual service of the table image.
 *
 * @param spec as configured
 * @param slot number of its record in servers.dat
 * @param servers in the kernel's list order: newest first
 */
public record ServiceImage(ServiceSpec spec, int slot, List<ServerImage> servers) {
    /** Copies the list. */
    public ServiceImage {
        servers = List.copyOf(servers);
    }
}
