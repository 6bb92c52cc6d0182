// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What commands may do to a running dataplane. Implemented by the engine, called by the conductor thread for commands
 * from {@code cnc.dat}, and by replays directly. Each method applies its change wholly or not at all and returns
 * {@link Errno}; the change is visible to the workers before the next packet that they read after the return.
 */
public interface TableAdmin {
    /** ipvsadm -A. EEXIST; ENOENT for an unknown scheduler; EINVAL for a bad key, netmask or timeout. */
    int addService(ServiceSpec service);

    /** ipvsadm -E. ESRCH. Connections stay; a changed scheduler starts afresh. */
    int editService(ServiceSpec service);

    /** ipvsadm -D. ESRCH. */
    int deleteService(ServiceKey service);

    /** ipvsadm -a. ESRCH for the service, EEXIST for the server, ERANGE, EINVAL, ENOMEM. Revives a deleted one. */
    int addServer(ServiceKey service, ServerSpec server);

    /** ipvsadm -e. ESRCH, ENOENT, ERANGE. */
    int editServer(ServiceKey service, ServerSpec server);

    /** ipvsadm -d. ESRCH, ENOENT. */
    int deleteServer(ServiceKey service, InetAddr address, int port);

    /** ipvsadm -C. Connections stay until they expire, as in the kernel. */
    int flush();

    /** ipvsadm -Z, for one service or for all. ESRCH. */
    int zero(@Nullable ServiceKey service);

    /** ipvsadm --set; seconds, 0 leaves a value as it is. EINVAL when out of range. */
    int setTimeouts(int tcpSeconds, int tcpFinSeconds, int udpSeconds);

    /** Sets a tunable of net.ipv4.vs.*. ENOENT for an unknown name, EINVAL for a bad value. */
    int setSysctl(String name, String value);

    /** Current text of a tunable, or null where the name is unknown. */
    @Nullable
    String sysctl(String name);

    /**
     * Replaces the rule table (firewall marks and source NAT) by the text that {@code iptables-save} would print for
     * the tables mangle and nat. EINVAL when it does not parse; the old rules stay.
     */
    CommandResult replaceRules(String rules);

    /**
     * ipvsadm -R --atomic: makes the table equal to the given one, as a single change or not at all. Services and
     * servers that are in both are edited and keep their connections and counters; the others are deleted or added as
     * by single commands. Errors are those of {@link #addService} and {@link #addServer}.
     */
    CommandResult replaceTable(List<ServiceConfig> services);

    /** ipvsadm --start-daemon. EEXIST when one of this state runs; ENODEV; EINVAL. */
    int startDaemon(SyncDaemonSpec daemon);

    /** ipvsadm --stop-daemon, with {@link SyncDaemonSpec#MASTER} or BACKUP. ESRCH when none runs. */
    int stopDaemon(int state);

    /** The whole configuration now: what the table image holds and a restarted dataplane reads back. */
    TableImage image();
}
