// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvscf;

import static org.ulvs.control.lvscf.Key.Origin.IGNORED;
import static org.ulvs.control.lvscf.Key.Origin.PIRANHA;
import static org.ulvs.control.lvscf.Key.Origin.ULVS;
import static org.ulvs.control.lvscf.Key.Origin.WEB_TOOL;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Keys of virtual and failover blocks, Piranha's in the order in which its web tool writes them. */
public final class VirtualKeys {
    private static final List<String> SCHEDULERS =
            List.of("rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed", "nq", "fo", "ovf", "mh", "twos");
    private static final List<String> NEW_SCHEDULERS = List.of("sed", "nq", "fo", "ovf", "mh", "twos");

    /** On or off. */
    public static final Key<Boolean> ACTIVE =
            new Key<>("active", ValueTypes.FLAG, false, PIRANHA, "1: in use; a block without this key is off");
    /** VIP and device. */
    public static final Key<HostDevice> ADDRESS =
            new Key<>("address", ValueTypes.HOST_DEVICE, null, PIRANHA, "virtual IP and its device");
    /** Fallback server. */
    public static final Key<InetAddress> SORRY_SERVER = new Key<>(
            "sorry_server", ValueTypes.QUAD, null, PIRANHA, "real server that is used while no other one is up");
    /** VIP mask. */
    public static final Key<Integer> VIP_NMASK =
            new Key<>("vip_nmask", ValueTypes.MASK, null, PIRANHA, "netmask of the virtual IP");
    /** Mark. */
    public static final Key<Long> FWMARK = new Key<>(
            "fwmark", ValueTypes.INTEGER, 0L, PIRANHA, "firewall mark that takes the place of address and port");
    /** Port. */
    public static final Key<Integer> PORT =
            new Key<>("port", ValueTypes.PORT, 80, PIRANHA, "port of the service; 0 for all (needs persistence)");
    /** Persistence. */
    public static final Key<Duration> PERSISTENT =
            new Key<>("persistent", ValueTypes.SECONDS, Duration.ZERO, PIRANHA, "persistence timeout; 0 for none");
    /** Persistence mask. */
    public static final Key<Integer> PMASK =
            new Key<>("pmask", ValueTypes.LENIENT_MASK, -1, PIRANHA, "client netmask of the persistence");
    /** Text to send. */
    public static final Key<String> SEND =
            new Key<>("send", ValueTypes.TEXT, null, PIRANHA, "text that the check sends");
    /** Text to expect. */
    public static final Key<String> EXPECT =
            new Key<>("expect", ValueTypes.TEXT, null, PIRANHA, "start of the answer that the check wants; * for any");
    /** Regular expression. */
    public static final Key<Boolean> USE_REGEX =
            new Key<>("use_regex", ValueTypes.FLAG, false, PIRANHA, "1: expect is a regular expression");
    /** Program. */
    public static final Key<String> SEND_PROGRAM = new Key<>(
            "send_program", ValueTypes.TEXT, null, PIRANHA, "program that checks; %h address, %p port of the server");
    /** Written by the web tool only. */
    public static final Key<String> EXPECT_PROGRAM =
            new Key<>("expect_program", ValueTypes.TEXT, null, WEB_TOOL, "without effect");
    /** Load. */
    public static final Key<String> LOAD_MONITOR =
            new Key<>("load_monitor", ValueTypes.TEXT, "none", PIRANHA, "none, uptime, rup, ruptime or a program");
    /** Scheduler. */
    public static final Key<String> SCHEDULER = new Key<>(
            "scheduler",
            ValueTypes.choice(SCHEDULERS, Map.of("pcc", "lc"), NEW_SCHEDULERS),
            "wlc",
            PIRANHA,
            "scheduling algorithm");
    /** Protocol. */
    public static final Key<String> PROTOCOL = new Key<>(
            "protocol",
            ValueTypes.choice(List.of("tcp", "udp", "sctp"), Map.of(), List.of("sctp")),
            "tcp",
            PIRANHA,
            "protocol of the service");
    /** Check interval. */
    public static final Key<Duration> TIMEOUT = new Key<>(
            "timeout", ValueTypes.SECONDS, Duration.ofSeconds(10), PIRANHA, "check interval, and wait for each answer");
    /** Re-entry. */
    public static final Key<Duration> REENTRY = new Key<>(
            "reentry", ValueTypes.SECONDS, Duration.ofMinutes(3), PIRANHA, "how long a server must be up to return");
    /** Quiesce. */
    public static final Key<Boolean> QUIESCE_SERVER =
            new Key<>("quiesce_server", ValueTypes.FLAG, false, PIRANHA, "1: weight 0 instead of removal");
    /** Other checker. */
    public static final Key<String> CLIENT_MONITOR = new Key<>(
            "client_monitor", ValueTypes.TEXT, "/usr/sbin/nanny", IGNORED, "without effect: checks run inside pulse");
    /** fos. */
    public static final Key<String> START_CMD =
            new Key<>("start_cmd", ValueTypes.TEXT, null, PIRANHA, "failover service: starts the service");
    /** fos. */
    public static final Key<String> STOP_CMD =
            new Key<>("stop_cmd", ValueTypes.TEXT, null, PIRANHA, "failover service: stops the service");
    /** Reserved. */
    public static final Key<InetAddress> MASTER =
            new Key<>("master", ValueTypes.HOST, null, IGNORED, "reserved for mirroring, never used");
    /** Reserved. */
    public static final Key<List<String>> DIRS =
            new Key<>("dirs", ValueTypes.LIST, null, IGNORED, "reserved for mirroring, never used");

    /** Forwarding method. */
    public static final Key<String> FORWARDING = new Key<>(
            "forwarding",
            ValueTypes.choice(GlobalKeys.methods(), Map.of(), List.of()),
            null,
            ULVS,
            "forwarding method of this service; default is network");
    /** Kind of check. */
    public static final Key<String> CHECK = new Key<>(
            "check",
            ValueTypes.choice(List.of("send", "connect", "http", "https", "program", "none"), Map.of(), List.of()),
            null,
            ULVS,
            "kind of check; default: program with send_program, else send");
    /** Interval. */
    public static final Key<Duration> CHECK_INTERVAL =
            new Key<>("check_interval", ValueTypes.SECONDS, null, ULVS, "between two checks; default is timeout");
    /** Limit. */
    public static final Key<Duration> CONNECT_TIMEOUT =
            new Key<>("connect_timeout", ValueTypes.SECONDS, null, ULVS, "for the connect; default is timeout");
    /** Limit. */
    public static final Key<Duration> READ_TIMEOUT =
            new Key<>("read_timeout", ValueTypes.SECONDS, null, ULVS, "for the whole answer; default is timeout");
    /** Rise. */
    public static final Key<Long> RISE = new Key<>(
            "rise",
            ValueTypes.INTEGER,
            null,
            ULVS,
            "good checks before a server returns; default is reentry / timeout");
    /** Fall. */
    public static final Key<Long> FALL =
            new Key<>("fall", ValueTypes.INTEGER, 1L, ULVS, "failed checks before a server is taken out");
    /** Jitter. */
    public static final Key<Duration> JITTER = new Key<>(
            "jitter", ValueTypes.SECONDS, null, ULVS, "random part of the interval; default is a tenth of it");
    /** Slow start. */
    public static final Key<Boolean> SLOW_START = new Key<>(
            "slow_start",
            ValueTypes.FLAG,
            true,
            ULVS,
            "1: a server enters with weight/32 and doubles it, as in Piranha");
    /** Exit status. */
    public static final Key<Boolean> PROGRAM_STATUS = new Key<>(
            "program_status",
            ValueTypes.FLAG,
            true,
            ULVS,
            "1: send_program must exit with 0; 0: Piranha's rule, a failed program counts as up");
    /** Prefix. */
    public static final Key<Boolean> EXPECT_ANYWHERE =
            new Key<>("expect_anywhere", ValueTypes.FLAG, false, ULVS, "1: expect may stand anywhere in the answer");
    /** Request. */
    public static final Key<String> HTTP_METHOD =
            new Key<>("http_method", ValueTypes.TEXT, "GET", ULVS, "http check: method");
    /** Request. */
    public static final Key<String> HTTP_PATH =
            new Key<>("http_path", ValueTypes.TEXT, "/", ULVS, "http check: path and query");
    /** Request. */
    public static final Key<String> HTTP_HOST = new Key<>(
            "http_host",
            ValueTypes.TEXT,
            null,
            ULVS,
            "http check: Host header and TLS server name; default is the VIP");
    /** Request. */
    public static final Key<String> HTTP_SEND_HEADER =
            new Key<>("http_send_header", ValueTypes.TEXT, null, ULVS, "http check: one more header line to send");
    /** Answer. */
    public static final Key<String> HTTP_STATUS =
            new Key<>("http_status", ValueTypes.TEXT, "200-399", ULVS, "http check: good status codes, as 200,301-308");
    /** Answer. */
    public static final Key<String> HTTP_HEADER = new Key<>(
            "http_header",
            ValueTypes.PATTERN,
            null,
            ULVS,
            "http check: regular expression that a header line must match");
    /** Answer. */
    public static final Key<String> HTTP_BODY = new Key<>(
            "http_body", ValueTypes.PATTERN, null, ULVS, "http check: regular expression to be found in the body");
    /** TLS. */
    public static final Key<String> TLS_VERIFY = new Key<>(
            "tls_verify", ValueTypes.TEXT, "none", ULVS, "https check: none, system, or a file of PEM certificates");
    /** TLS. */
    public static final Key<String> TLS_CERTIFICATE = new Key<>(
            "tls_certificate", ValueTypes.TEXT, null, ULVS, "https check: PKCS#12 file to show to the server");
    /** One-packet scheduling. */
    public static final Key<Boolean> ONE_PACKET =
            new Key<>("one_packet", ValueTypes.FLAG, false, ULVS, "1: schedule each packet by itself (udp)");
    /** Scheduler flags. */
    public static final Key<String> SCHEDULER_FLAGS = new Key<>(
            "scheduler_flags",
            ValueTypes.TEXT,
            null,
            ULVS,
            "as ipvsadm -b: sh-fallback,sh-port or mh-fallback,mh-port");

    /** All keys in the order of writing. */
    public static final List<Key<?>> ALL = List.of(
            ACTIVE,
            ADDRESS,
            SORRY_SERVER,
            VIP_NMASK,
            FWMARK,
            PORT,
            PERSISTENT,
            PMASK,
            SEND,
            EXPECT,
            USE_REGEX,
            SEND_PROGRAM,
            EXPECT_PROGRAM,
            START_CMD,
            STOP_CMD,
            LOAD_MONITOR,
            SCHEDULER,
            PROTOCOL,
            TIMEOUT,
            REENTRY,
            QUIESCE_SERVER,
            CLIENT_MONITOR,
            MASTER,
            DIRS,
            FORWARDING,
            ONE_PACKET,
            SCHEDULER_FLAGS,
            CHECK,
            CHECK_INTERVAL,
            CONNECT_TIMEOUT,
            READ_TIMEOUT,
            RISE,
            FALL,
            JITTER,
            SLOW_START,
            PROGRAM_STATUS,
            EXPECT_ANYWHERE,
            HTTP_METHOD,
            HTTP_PATH,
            HTTP_HOST,
            HTTP_SEND_HEADER,
            HTTP_STATUS,
            HTTP_HEADER,
            HTTP_BODY,
            TLS_VERIFY,
            TLS_CERTIFICATE);

    private VirtualKeys() {}
}
