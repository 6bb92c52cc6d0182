// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.live;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What the web tool wants of the director's control process. Thread-safe. */
public interface ControlPlane {
    /**
     * A real server's health.
     *
     * @param up whether it is in use
     * @param reason of the last check, in words
     * @param sinceMs when it became so, since 1970; 0 where that is not known
     * @param checkedMs when it was last checked; 0 where that is not known
     * @param latencyNs how long the last check took; negative where that is not known
     */
    record Health(boolean up, String reason, long sinceMs, long checkedMs, long latencyNs) {}

    /**
     * A director and its pulse.
     *
     * @param name {@code primary} or {@code backup}
     * @param address its public address
     * @param here whether this machine is it
     * @param running whether its pulse runs, as far as can be told
     * @param state {@code active}, {@code standby}, or what else there is to say
     * @param detail a sentence, may be empty
     */
    record Director(String name, String address, boolean here, boolean running, String state, String detail) {}

    /**
     * A process of LVS.
     *
     * @param pid process number
     * @param command its command line
     */
    record Task(long pid, String command) {}

    /**
     * The result of asking pulse to load lvs.cf again.
     *
     * @param done whether it has
     * @param report what it said
     */
    record Applied(boolean done, String report) {}

    /** Both directors, the primary first. */
    List<Director> directors() throws IOException;

    /** Processes of LVS on this machine. */
    List<Task> processes();

    /** Health of real servers by {@code SERVICE/SERVER}; empty where pulse does not run. */
    Map<String, Health> health();

    /** The serial_no that pulse has loaded, or -1 where that is not known. */
    long appliedSerial();

    /** Asks pulse to load lvs.cf again and waits for the outcome. */
    Applied apply() throws IOException;

    /** Looks once, so that {@link #events} knows what changed since the last look. */
    void observe();

    /** Counters of the control process by name. */
    Map<String, Long> counters();

    /** Events of health and failover, newest first. */
    List<ChangeLog.Event> events(int count);
}
