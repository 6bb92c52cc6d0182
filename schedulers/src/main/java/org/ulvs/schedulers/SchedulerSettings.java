// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

/** Tunables that schedulers look at; they may change at any time. */
public interface SchedulerSettings {
    /** net.ipv4.vs.lblc_expiration in seconds. */
    int lblcExpirationSeconds();

    /** net.ipv4.vs.lblcr_expiration in seconds. */
    int lblcrExpirationSeconds();

    /** The kernel's defaults: 24 hours each. */
    SchedulerSettings DEFAULTS = new SchedulerSettings() {
        @Override
        public int lblcExpirationSeconds() {
            return 86_400;
        }

        @Override
        public int lblcrExpirationSeconds() {
            return 86_400;
        }
    };
}
