// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.bench.pipeline;

import org.ulvs.cnc.ServerSpec;

/**
 * What a {@link Rig} holds.
 *
 * @param method forwarding method, as in {@link ServerSpec}
 * @param scheduler of every service
 * @param services virtual services
 * @param servers real servers of each service, the same machines for all
 * @param markRules firewall mark rules before a packet's service is known, 0 for services by address
 * @param capacity lines of the connection table
 * @param establishedSeconds time after which an established connection without packets expires
 */
record RigSettings(
        int method, String scheduler, int services, int servers, int markRules, int capacity, int establishedSeconds) {
    /** Long enough for all turns of the clock. */
    static final int MONTH = 31 * 24 * 3600;

    /** Ten services of ten real servers each. */
    static RigSettings hits(String method, int connections) {
        return new RigSettings(method(method), "rr", 10, 10, 0, connections + connections / 16 + 1024, MONTH);
    }

    /** The number of a forwarding method's name. */
    static int method(String name) {
        return switch (name) {
            case "NAT" -> ServerSpec.MASQUERADE;
            case "DR" -> ServerSpec.DIRECT;
            case "TUN" -> ServerSpec.TUNNEL;
            default -> throw new IllegalArgumentException(name);
        };
    }
}
