// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.table;

import static org.ulvs.cnc.ConnectionLayout.TICKS_PER_SECOND;

import java.util.List;
import org.ulvs.cnc.ServiceKey;
import org.ulvs.cnc.ServiceSpec;
import org.ulvs.schedulers.Scheduler;

/**
 * A virtual service. The object stays the same for its whole life; what may change is one immutable {@link Config} that
 * the conductor replaces and that a worker reads once for each new connection.
 */
public final class VirtualService {
    /** Port of FTP's control connection. */
    public static final int FTP_PORT = 21;

    /**
     * What a service is at a time.
     *
     * @param spec as configured
     * @param servers newest first, as in the kernel's list
     * @param scheduler at work over exactly these servers
     */
    public record Config(ServiceSpec spec, List<RealServer> servers, Scheduler scheduler) {
        /** Whether connections stick to a server by templates. */
        public boolean isPersistent() {
            return (spec.flags() & ServiceSpec.PERSISTENT) != 0;
        }

        /** Whether each UDP packet is scheduled on its own. */
        public boolean isOnePacket() {
            return (spec.flags() & ServiceSpec.ONE_PACKET) != 0;
        }

        /** Lifetime of a template. */
        public int persistentTicks() {
            return spec.persistentTimeout() * TICKS_PER_SECOND;
        }
    }

    private final ServiceKey key;
    private final int slot;
    private volatile Config config;

    VirtualService(ServiceKey key, int slot, Config config) {
        this.key = key;
        this.slot = slot;
        this.config = config;
    }

    /** What names the service. */
    public ServiceKey key() {
        return key;
    }

    /** Number of the service's own record (estimator, folded statistics). */
    public int slot() {
        return slot;
    }

    /** Port, 0 for all ports and for a mark service. */
    public int port() {
        return key.port();
    }

    /** Firewall mark, 0 for none. */
    public int mark() {
        return key.mark();
    }

    /** The service as it is now. */
    public Config config() {
        return config;
    }

    void config(Config config) {
        this.config = config;
    }
}
