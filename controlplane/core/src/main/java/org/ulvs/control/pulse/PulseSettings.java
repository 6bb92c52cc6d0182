// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.pulse;

import java.util.List;
import org.ulvs.control.lvscf.Configuration;
import org.ulvs.control.lvscf.GlobalKeys;
import org.ulvs.control.lvscf.Section;

/**
 * What the state machine needs of lvs.cf; times in nanoseconds.
 *
 * @param role of this node
 * @param peer whether there is another director
 * @param keepaliveNs between two heartbeats
 * @param deadtimeNs silence after which the peer counts as dead
 * @param failback whether a returned primary takes over again
 * @param failbackDelayNs how long it must be healthy before
 * @param pulseGraceNs how long a partner that is silent but forwards is left to serve; 0 for not at all
 * @param compat whether heartbeats are Piranha's, which can say running and stopped only
 * @param gatewayTest whether a ping must be answered before a silent peer is taken over
 * @param word {@code lvs} or {@code fos}, for the log
 */
public record PulseSettings(
        Role role,
        boolean peer,
        long keepaliveNs,
        long deadtimeNs,
        boolean failback,
        long failbackDelayNs,
        long pulseGraceNs,
        boolean compat,
        boolean gatewayTest,
        String word) {
    /** The settings of a configuration for one of its two nodes. */
    public static PulseSettings of(Configuration configuration, Role role) {
        final Section global = configuration.global();
        final boolean fos = configuration.failoverMode();
        final boolean compat = global.value(GlobalKeys.HEARTBEAT_COMPAT);
        return new PulseSettings(
                role,
                configuration.backup().isPresent(),
                global.value(GlobalKeys.KEEPALIVE).toNanos(),
                global.value(GlobalKeys.DEADTIME).toNanos(),
                global.value(GlobalKeys.FAILBACK) && !fos,
                global.value(GlobalKeys.FAILBACK_DELAY).toNanos(),
                // addresses of a kernel answer whoever is dead
                fos || compat ? 0 : global.value(GlobalKeys.PULSE_GRACE).toNanos(),
                compat,
                fos || global.find(GlobalKeys.GATEWAY_TEST).isPresent(),
                fos ? "fos" : "lvs");
    }

    /** Whether sockets have to be opened anew. */
    static boolean socketsDiffer(Configuration before, Configuration after) {
        return List.of(
                        GlobalKeys.HEARTBEAT_PORT,
                        GlobalKeys.HEARTBEAT_COMPAT,
                        GlobalKeys.PEER_SECRET,
                        GlobalKeys.PUSH_CONFIG)
                .stream()
                .anyMatch(
                        key -> !before.global().find(key).equals(after.global().find(key)));
    }
}
