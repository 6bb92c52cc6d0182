// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.table;

import org.jspecify.annotations.Nullable;
import org.ulvs.cnc.ServerSpec;
import org.ulvs.schedulers.Scheduler;

/**
 * A real server of one virtual service, from its first {@code ipvsadm -a} until nothing refers to it any more. Its
 * numbers live in the server record of its slot; this object says where it belongs. Written by the conductor.
 */
public final class RealServer {
    /**
     * Where a server stands in its service at a time.
     *
     * @param service that it belongs to
     * @param scheduler at work for the service
     * @param position of the server in the scheduler's pool
     */
    public record Membership(VirtualService service, Scheduler scheduler, int position) {}

    /** In place of a forwarding method: a tunnel to an IPv6 server. */
    public static final int NOT_BUILT = 5;

    private final int slot;
    private final int address;
    private final int port;
    private volatile ServerSpec spec;
    private volatile @Nullable Membership membership;

    RealServer(int slot, ServerSpec spec) {
        this.slot = slot;
        this.address = spec.address().asV4();
        this.port = spec.port();
        this.spec = spec;
    }

    /** Number of the server record. */
    public int slot() {
        return slot;
    }

    /** IPv4 address, host-order int. */
    public int address() {
        return address;
    }

    /** Port, 0 for "as the packet has it". */
    public int port() {
        return port;
    }

    /** The server as last configured. */
    public ServerSpec spec() {
        return spec;
    }

    /** The forwarding method of new connections; {@link #NOT_BUILT} where nothing here can forward so. */
    public int method() {
        final ServerSpec now = spec;
        return now.address().family() != 4 ? NOT_BUILT : now.method();
    }

    void spec(ServerSpec spec) {
        this.spec = spec;
    }

    /** The place in a service, or null once the server was deleted. */
    public @Nullable Membership membership() {
        return membership;
    }

    void membership(@Nullable Membership membership) {
        this.membership = membership;
    }

    /** Tells the scheduler at work, if any, that the server's counts or OVERLOAD flag changed. Any worker. */
    public void loadChanged() {
        final Membership now = membership;
        if (now != null) {
            now.scheduler().loadChanged(now.position());
        }
    }
}
