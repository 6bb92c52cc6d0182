// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

/**
 * Makes schedulers of one kind; found by {@link java.util.ServiceLoader}, so that a jar on the class path can add one.
 */
public interface SchedulerProvider {
    /** Name as in {@code ipvsadm -s}, for example {@code wlc}. */
    String name();

    /**
     * Makes a scheduler for a service.
     *
     * @param pool the servers at this time, perhaps none
     * @param flags scheduler flags of the service: {@link #FLAG_1} and so on
     * @param settings tunables, read whenever they are needed
     */
    Scheduler create(ServerPool pool, int flags, SchedulerSettings settings);

    /** First scheduler flag: sh-fallback, mh-fallback. */
    int FLAG_1 = 0x08;
    /** Second scheduler flag: sh-port, mh-port. */
    int FLAG_2 = 0x10;
    /** Third scheduler flag. */
    int FLAG_3 = 0x20;
}
