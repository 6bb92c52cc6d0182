// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvs;

import java.util.List;

/**
 * The state of services and servers at one moment, for status displays.
 *
 * @param dataplaneAlive whether the dataplane answers
 * @param dataplaneProblem why it does not, empty when it does
 * @param active whether the table is to be filled
 * @param services in the order of lvs.cf
 */
public record LvsStatus(boolean dataplaneAlive, String dataplaneProblem, boolean active, List<Service> services) {
    /** Before anything is known. */
    public static final LvsStatus NONE = new LvsStatus(false, "not looked for yet", false, List.of());

    /**
     * A virtual server.
     *
     * @param name of its block; several where they share a mark
     * @param key as ipvsadm writes it
     * @param scheduler its scheduler
     * @param servers in the order of lvs.cf
     */
    public record Service(String name, String key, String scheduler, List<Server> servers) {}

    /**
     * A real server.
     *
     * @param name {@code virtual/server}
     * @param address and port in the table
     * @param state {@code up}, {@code down} or {@code unknown}
     * @param weight at this moment
     * @param configuredWeight of lvs.cf
     * @param reason what the last check found
     * @param since when the state began, epoch ms
     * @param checks how its checks went
     */
    public record Server(
            String name,
            String address,
            String state,
            int weight,
            int configuredWeight,
            String reason,
            long since,
            Checks checks) {}

    /**
     * Checks of a real server since they began.
     *
     * @param count how many have ended
     * @param failed how many of them found it down
     * @param nanos how long all of them took together
     * @param lastNanos how long the last one took
     * @param lastMs when the last one ended, epoch ms; 0 before the first
     */
    public record Checks(long count, long failed, long nanos, long lastNanos, long lastMs) {
        /** Before the first. */
        public static final Checks NONE = new Checks(0, 0, 0, 0, 0);

        /** With one more. */
        public Checks and(boolean up, long took, long nowMs) {
            return new Checks(count + 1, failed + (up ? 0 : 1), nanos + took, took, nowMs);
        }
    }
}
