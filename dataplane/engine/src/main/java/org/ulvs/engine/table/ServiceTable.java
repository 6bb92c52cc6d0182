// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.table;

import java.util.Collection;
import java.util.List;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.collections.IntHashSet;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The virtual services as workers look them up: immutable, replaced by the conductor when a service comes or goes.
 * Lookups do not allocate. Holds IPv4 and mark services; others exist for the tools only.
 */
public final class ServiceTable {
    /** No services. */
    public static final ServiceTable EMPTY = new ServiceTable(List.of());

    private static final int TCP = 6;
    private static final int FTP_DATA_PORT = 20;

    private final Long2ObjectHashMap<VirtualService> byAddress = new Long2ObjectHashMap<>();
    private final Int2ObjectHashMap<VirtualService> byMark = new Int2ObjectHashMap<>();
    private final IntHashSet virtualAddresses = new IntHashSet();
    private final List<VirtualService> services;
    /** Asked for each packet; a list of any kind would answer by a call. */
    private final boolean isEmpty;

    private final boolean hasFtp;
    private final boolean hasPortZero;

    ServiceTable(Collection<VirtualService> services) {
        this.services = List.copyOf(services);
        this.isEmpty = services.isEmpty();
        boolean ftp = false;
        boolean portZero = false;
        for (final VirtualService service : this.services) {
            if (service.mark() != 0) {
                byMark.put(service.mark(), service);
            } else if (service.key().address().family() == 4) {
                final int address = service.key().address().asV4();
                byAddress.put(key(service.key().protocol(), address, service.port()), service);
                virtualAddresses.add(address);
                ftp |= service.port() == VirtualService.FTP_PORT;
                portZero |= service.port() == 0;
            }
        }
        this.hasFtp = ftp;
        this.hasPortZero = portZero;
    }

    private static long key(int protocol, int address, int port) {
        return ((long) protocol << 48) | ((address & 0xFFFF_FFFFL) << 16) | port;
    }

    /** Whether there is no service at all. */
    public boolean isEmpty() {
        return isEmpty;
    }

    /** All services in the order in which they were added. */
    public List<VirtualService> services() {
        return services;
    }

    /** Whether a service has this virtual IP. */
    public boolean isVirtualAddress(int address) {
        return virtualAddresses.contains(address);
    }

    /**
     * The service for a packet, in the kernel's order: by mark; by protocol, address and port; TCP to FTP's data ports
     * by port 21; any port.
     */
    public @Nullable VirtualService find(int mark, int protocol, int address, int port) {
        if (mark != 0) {
            final VirtualService service = byMark.get(mark);
            if (service != null) {
                return service;
            }
        }
        VirtualService service = byAddress.get(key(protocol, address, port));
        if (service == null && hasFtp && protocol == TCP && (port == FTP_DATA_PORT || port >= 1024)) {
            service = byAddress.get(key(protocol, address, VirtualService.FTP_PORT));
        }
        if (service == null && hasPortZero) {
            service = byAddress.get(key(protocol, address, 0));
        }
        return service;
    }
}
