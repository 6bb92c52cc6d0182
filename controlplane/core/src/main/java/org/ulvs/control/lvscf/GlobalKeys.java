// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvscf;

import static org.ulvs.control.lvscf.Key.Origin.IGNORED;
import static org.ulvs.control.lvscf.Key.Origin.PIRANHA;
import static org.ulvs.control.lvscf.Key.Origin.ULVS;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Keys of the global level, Piranha's in the order in which its web tool writes them. */
public final class GlobalKeys {
    /** Where the peer secret lies unless lvs.cf says otherwise. */
    public static final String DEFAULT_PEER_SECRET = "/etc/sysconfig/ha/peer.secret";

    private static final List<String> METHODS = List.of("nat", "direct", "tunnel");

    /** Edit counter. */
    public static final Key<Long> SERIAL_NO =
            new Key<>("serial_no", ValueTypes.INTEGER, 0L, PIRANHA, "edit counter; the higher one wins on a push");
    /** Main node. */
    public static final Key<InetAddress> PRIMARY =
            new Key<>("primary", ValueTypes.HOST, null, PIRANHA, "public address of the primary director");
    /** Second heartbeat path of the main node. */
    public static final Key<InetAddress> PRIMARY_PRIVATE = new Key<>(
            "primary_private", ValueTypes.HOST, null, PIRANHA, "second heartbeat path of the primary director");
    /** Shared disk of the main node. */
    public static final Key<String> PRIMARY_SHARED =
            new Key<>("primary_shared", ValueTypes.TEXT, null, IGNORED, "shared SCSI disk; not supported, never used");
    /** Which half runs. */
    public static final Key<String> SERVICE = new Key<>(
            "service",
            ValueTypes.choice(List.of("lvs", "fos"), Map.of(), List.of()),
            "lvs",
            PIRANHA,
            "lvs for virtual servers, fos for failover services");
    /** Load command for load_monitor uptime. */
    public static final Key<String> RSH_COMMAND =
            new Key<>("rsh_command", ValueTypes.TEXT, "rsh", PIRANHA, "command that runs uptime on a real server");
    /** Whether there is a backup. */
    public static final Key<Boolean> BACKUP_ACTIVE =
            new Key<>("backup_active", ValueTypes.FLAG, false, PIRANHA, "1: there is a backup director");
    /** The backup. */
    public static final Key<InetAddress> BACKUP =
            new Key<>("backup", ValueTypes.HOST, null, PIRANHA, "public address of the backup; 0.0.0.0 for none");
    /** Second heartbeat path of the backup. */
    public static final Key<InetAddress> BACKUP_PRIVATE =
            new Key<>("backup_private", ValueTypes.HOST, null, PIRANHA, "second heartbeat path of the backup");
    /** Shared disk of the backup. */
    public static final Key<String> BACKUP_SHARED =
            new Key<>("backup_shared", ValueTypes.TEXT, null, IGNORED, "shared SCSI disk; not supported, never used");
    /** Without effect. */
    public static final Key<Boolean> HEARTBEAT = new Key<>(
            "heartbeat", ValueTypes.FLAG, false, IGNORED, "never consulted: heartbeats depend on backup_active alone");
    /** UDP port. */
    public static final Key<Integer> HEARTBEAT_PORT =
            new Key<>("heartbeat_port", ValueTypes.PORT, 539, PIRANHA, "UDP port of the heartbeats");
    /** Interval. */
    public static final Key<Duration> KEEPALIVE =
            new Key<>("keepalive", ValueTypes.SECONDS, Duration.ofSeconds(2), PIRANHA, "between two heartbeats");
    /** Silence before takeover. */
    public static final Key<Duration> DEADTIME = new Key<>(
            "deadtime", ValueTypes.SECONDS, Duration.ofSeconds(5), PIRANHA, "silence before the peer counts as dead");
    /** Forwarding method. */
    public static final Key<String> NETWORK =
            new Key<>("network", ValueTypes.choice(METHODS, Map.of(), List.of()), "nat", PIRANHA, "forwarding method");
    /** Floating gateway. */
    public static final Key<HostDevice> NAT_ROUTER = new Key<>(
            "nat_router",
            ValueTypes.HOST_DEVICE,
            null,
            PIRANHA,
            "floating gateway address of the real servers, nat only");
    /** Its mask. */
    public static final Key<Integer> NAT_NMASK =
            new Key<>("nat_nmask", ValueTypes.MASK, null, PIRANHA, "netmask of nat_router");
    /** SCSI. */
    public static final Key<String> RESERVATION_CONFLICT_ACTION = new Key<>(
            "reservation_conflict_action",
            ValueTypes.choice(List.of("nothing", "preempt"), Map.of(), List.of()),
            null,
            IGNORED,
            "shared SCSI disk; not supported, never used");
    /** Without effect. */
    public static final Key<String> DEBUG_LEVEL =
            new Key<>("debug_level", ValueTypes.TEXT, "NONE", IGNORED, "without effect, as in Piranha");
    /** Hook. */
    public static final Key<String> ACTIVE_CMD =
            new Key<>("active_cmd", ValueTypes.TEXT, null, PIRANHA, "command run on becoming active; not waited for");
    /** Hook. */
    public static final Key<String> INACTIVE_CMD = new Key<>(
            "inactive_cmd", ValueTypes.TEXT, null, PIRANHA, "command run on becoming inactive; not waited for");
    /** Watch links. */
    public static final Key<Long> MONITOR_LINKS =
            new Key<>("monitor_links", ValueTypes.INTEGER, 0L, PIRANHA, "not 0: step down while an own link is down");
    /** Connection synchronisation. */
    public static final Key<Boolean> SYNCDAEMON = new Key<>(
            "syncdaemon",
            ValueTypes.FLAG,
            false,
            PIRANHA,
            "1: start the sync daemons, which are recorded and listed; connections are not synchronised");
    /** Its interface. */
    public static final Key<String> SYNCD_IFACE =
            new Key<>("syncd_iface", ValueTypes.TEXT, "eth0", PIRANHA, "interface of the synchronisation");
    /** Its number. */
    public static final Key<Long> SYNCD_ID =
            new Key<>("syncd_id", ValueTypes.INTEGER, 0L, PIRANHA, "number of the synchronisation, 0 to 255");
    /** Timeout. */
    public static final Key<Duration> TCP_TIMEOUT = new Key<>(
            "tcp_timeout", ValueTypes.SECONDS, Duration.ZERO, PIRANHA, "TCP connections; 0 keeps the present value");
    /** Timeout. */
    public static final Key<Duration> TCPFIN_TIMEOUT = new Key<>(
            "tcpfin_timeout", ValueTypes.SECONDS, Duration.ZERO, PIRANHA, "after a FIN; 0 keeps the present value");
    /** Timeout. */
    public static final Key<Duration> UDP_TIMEOUT =
            new Key<>("udp_timeout", ValueTypes.SECONDS, Duration.ZERO, PIRANHA, "UDP; 0 keeps the present value");
    /** What a dying checker does. */
    public static final Key<Boolean> HARD_SHUTDOWN = new Key<>(
            "hard_shutdown",
            ValueTypes.FLAG,
            true,
            IGNORED,
            "without effect: a failing check is restarted and never stops other services");
    /** Path of the tool. */
    public static final Key<String> IPVSADM = new Key<>(
            "ipvsadm", ValueTypes.TEXT, "/sbin/ipvsadm", IGNORED, "without effect: pulse writes the table itself");
    /** Without effect. */
    public static final Key<Boolean> SYNC =
            new Key<>("sync", ValueTypes.FLAG, false, IGNORED, "without effect, as in Piranha; see push_config");

    /** Mark rules. */
    public static final Key<String> MARK_RULES = new Key<>(
            "mark_rules",
            ValueTypes.TEXT,
            null,
            ULVS,
            "file of firewall mark and source NAT rules (iptables-save text)");
    /** Shared secret. */
    public static final Key<String> PEER_SECRET = new Key<>(
            "peer_secret", ValueTypes.TEXT, DEFAULT_PEER_SECRET, ULVS, "file, mode 0600, with the directors' secret");
    /** Old heartbeats. */
    public static final Key<Boolean> HEARTBEAT_COMPAT =
            new Key<>("heartbeat_compat", ValueTypes.FLAG, false, ULVS, "1: Piranha's unsigned four-byte heartbeats");
    /** Failback. */
    public static final Key<Boolean> FAILBACK = new Key<>(
            "failback", ValueTypes.FLAG, true, ULVS, "1: a returned primary takes over again; 0: as Piranha's code");
    /** Failback delay. */
    public static final Key<Duration> FAILBACK_DELAY = new Key<>(
            "failback_delay",
            ValueTypes.SECONDS,
            Duration.ofSeconds(30),
            ULVS,
            "how long the returned primary must be healthy before it takes over");
    /** Grace for a dead pulse. */
    public static final Key<Duration> PULSE_GRACE = new Key<>(
            "pulse_grace",
            ValueTypes.SECONDS,
            Duration.ofSeconds(10),
            ULVS,
            "how long a silent partner whose dataplane answers is left to serve and restart its pulse; 0: not at all");
    /** Patience with a dataplane that is there and does nothing. */
    public static final Key<Duration> DATAPLANE_TIMEOUT = new Key<>(
            "dataplane_timeout",
            ValueTypes.SECONDS,
            Duration.ofSeconds(10),
            ULVS,
            "how long a dataplane that hangs counts as alive; at most 10. One that has died is noticed at once");
    /** Announcements. */
    public static final Key<Long> ARP_REPEAT =
            new Key<>("arp_repeat", ValueTypes.INTEGER, 5L, ULVS, "announcements after a takeover");
    /** Announcements. */
    public static final Key<Duration> ARP_INTERVAL =
            new Key<>("arp_interval", ValueTypes.SECONDS, Duration.ofSeconds(1), ULVS, "between two announcements");
    /** Announcements. */
    public static final Key<Duration> ARP_REFRESH = new Key<>(
            "arp_refresh",
            ValueTypes.SECONDS,
            Duration.ofSeconds(60),
            ULVS,
            "announce again while active; 0 for never");
    /** Push. */
    public static final Key<Boolean> PUSH_CONFIG =
            new Key<>("push_config", ValueTypes.FLAG, true, ULVS, "1: send a newer lvs.cf and mark rules to the peer");
    /** Checks on the standby. */
    public static final Key<Boolean> STANDBY_CHECKS = new Key<>(
            "standby_checks",
            ValueTypes.FLAG,
            true,
            ULVS,
            "1: the standby director checks the real servers too, so that it knows them at a takeover");
    /** Gateway. */
    public static final Key<InetAddress> GATEWAY_TEST = new Key<>(
            "gateway_test",
            ValueTypes.HOST,
            null,
            ULVS,
            "address that must answer a ping before a silent peer is taken over; none: no test in lvs mode");

    /** All keys in the order of writing. */
    public static final List<Key<?>> ALL = List.of(
            SERIAL_NO,
            PRIMARY,
            PRIMARY_PRIVATE,
            PRIMARY_SHARED,
            SERVICE,
            RSH_COMMAND,
            BACKUP_ACTIVE,
            BACKUP,
            BACKUP_PRIVATE,
            BACKUP_SHARED,
            HEARTBEAT,
            HEARTBEAT_PORT,
            KEEPALIVE,
            DEADTIME,
            NETWORK,
            NAT_ROUTER,
            NAT_NMASK,
            RESERVATION_CONFLICT_ACTION,
            DEBUG_LEVEL,
            ACTIVE_CMD,
            INACTIVE_CMD,
            MONITOR_LINKS,
            SYNCDAEMON,
            SYNCD_IFACE,
            SYNCD_ID,
            TCP_TIMEOUT,
            TCPFIN_TIMEOUT,
            UDP_TIMEOUT,
            HARD_SHUTDOWN,
            IPVSADM,
            SYNC,
            MARK_RULES,
            PEER_SECRET,
            HEARTBEAT_COMPAT,
            FAILBACK,
            FAILBACK_DELAY,
            PULSE_GRACE,
            DATAPLANE_TIMEOUT,
            GATEWAY_TEST,
            STANDBY_CHECKS,
            ARP_REPEAT,
            ARP_INTERVAL,
            ARP_REFRESH,
            PUSH_CONFIG);

    private GlobalKeys() {}

    static List<String> methods() {
        return METHODS;
    }
}
