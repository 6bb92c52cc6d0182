// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.pulse;

import java.util.Map;
import org.ulvs.control.lvs.LvsStatus;

/**
 * What a running pulse says about itself; kept in a file so that anybody may read it.
 *
 * @param pid of the process
 * @param startedMs when it was started, epoch ms
 * @param writtenMs when this was written, epoch ms
 * @param role {@code primary} or {@code backup}
 * @param service {@code lvs} or {@code fos}
 * @param state {@code active}, {@code standby}, {@code activating} or {@code deactivating}
 * @param configurationFile path of lvs.cf
 * @param serial of the running configuration
 * @param hash of the running configuration
 * @param changedOnDisk whether lvs.cf on disk is not the one that runs
 * @param peer the other director
 * @param counters by name
 * @param lvs services and servers
 */
public record PulseStatus(
        long pid,
        long startedMs,
        long writtenMs,
        String role,
        String service,
        String state,
        String configurationFile,
        long serial,
        String hash,
        boolean changedOnDisk,
        Peer peer,
        Map<String, Long> counters,
        LvsStatus lvs) {
    /**
     * The other director.
     *
     * @param configured whether there is one
     * @param address its public address
     * @param alive whether it has been heard within deadtime
     * @param running whether it serves
     * @param dataplaneAlive whether its dataplane lives; also told of a peer that is not alive but still forwards
     * @param serial of its configuration
     * @param configuration {@code same}, {@code different} or {@code unknown}
     */
    public record Peer(
            boolean configured,
            String address,
            boolean alive,
            boolean running,
            boolean dataplaneAlive,
            long serial,
            String configuration) {}
}
