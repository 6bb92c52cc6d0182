// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.live;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.ulvs.control.lvs.LvsStatus;

/** What the web tool wants of the director's control process. Thread-safe. */
public interface ControlPlane extends AutoCloseable {
    /**
     * A real server's health.
     *
     * @param name {@code VIRTUAL/SERVER} in lvs.cf, which need not be unique
     * @param up whether it is in use
     * @param reason of the last check, in words
     * @param sinceMs when it became so, since 1970; 0 where that is not known
     * @param checks how many there were, and how long they took
     */
    record Health(String name, boolean up, String reason, long sinceMs, LvsStatus.Checks checks) {}

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

    /**
     * Health of real servers by their keys in the live table, as {@code TCP 192.168.26.10:80>10.11.12.1:80}, also of
     * those that the table lacks; empty where pulse does not run.
     */
    Map<String, Health> health();

    /** The serial_no that pulse has loaded, or -1 where that is not known. */
    long appliedSerial();

    /**
     * Asks pulse to load lvs.cf again and waits for the outcome, and a moment for the other director.
     *
     * @param whom for the journal: user and address
     */
    Applied apply(String whom) throws IOException;

    /**
     * Asks pulse to give one server of what it runs another weight, and nothing else.
     *
     * @param whom for the journal: user and address
     */
    Applied weigh(String virtual, String server, int weight, String whom);

    /** Whether lvs.cf is not what pulse runs; false where pulse does not run. */
    boolean changedOnDisk();

    /** Takes in what has been written into the journal. For one thread. */
    void observe();

    /** Counters of the control process by name. */
    Map<String, Long> counters();

    /** Events of health and failover, newest first. */
    List<ChangeLog.Event> events(int count);

    @Override
    void close();
}
