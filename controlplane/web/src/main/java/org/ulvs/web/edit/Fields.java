// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.edit;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The fields of all panels, in Piranha's words and order; what Piranha did not have stands in folded groups. */
public final class Fields {
    private static final Map<String, String> METHODS =
            options("nat", "NAT", "direct", "Direct Routing", "tunnel", "Tunneling");
    private static final Map<String, String> METHODS_OR_DEFAULT =
            options("", "As in GLOBAL SETTINGS", "nat", "NAT", "direct", "Direct Routing", "tunnel", "Tunneling");
    private static final Map<String, String> MASKS = masks();
    private static final Map<String, String> SCHEDULERS = options(
            "rr", "Round robin",
            "wlc", "Weighted least-connections",
            "wrr", "Weighted round robin",
            "lc", "Least-connection",
            "lblc", "Locality-Based Least-Connection Scheduling",
            "lblcr", "Locality-Based Least-Connection Scheduling (R)",
            "dh", "Destination Hash Scheduling",
            "sh", "Source Hash Scheduling",
            "sed", "Shortest Expected Delay",
            "nq", "Never Queue",
            "fo", "Weighted Failover",
            "ovf", "Weighted Overflow",
            "mh", "Maglev Hash",
            "twos", "Power of Two Choices");

    /** GLOBAL SETTINGS. */
    public static final List<FieldGroup> GLOBAL = List.of(
            FieldGroup.of(
                    "Environment",
                    "",
                    Field.text("primary", "Primary server public IP", "Public address of the primary director."),
                    Field.text(
                            "primary_private",
                            "Primary server private IP",
                            "Second path for heartbeats. Leave it empty to have none."),
                    Field.menu(
                            "service",
                            "LVS type",
                            "lvs",
                            options("lvs", "LVS: virtual servers", "fos", "FOS: failover services"),
                            "Which kind of service the directors run.")),
            FieldGroup.of(
                    "Network",
                    "",
                    Field.menu("network", "Use network type", "nat", METHODS, "How packets reach the real servers."),
                    Field.ip(
                            "nat_router",
                            "NAT Router IP",
                            "Floating address that is the real servers' gateway. NAT only."),
                    Field.menu(
                            "nat_nmask", "NAT Router netmask", "", MASKS, "Netmask of the floating address. NAT only."),
                    Field.device(
                            "nat_router",
                            "NAT Router device",
                            "Interface of the private network, as eth1:1. NAT only.")),
            FieldGroup.of(
                    "Connection timeouts",
                    "How long an idle connection is remembered. 0 keeps the director's present value.",
                    Field.number("tcp_timeout", "TCP timeout", "seconds", "0", "Established TCP connections."),
                    Field.number("tcpfin_timeout", "TCP FIN timeout", "seconds", "0", "After a FIN has been seen."),
                    Field.number("udp_timeout", "UDP timeout", "seconds", "0", "UDP.")),
            FieldGroup.folded(
                    "Hooks and load command",
                    "",
                    Field.text(
                            "active_cmd", "Command on becoming active", "Absolute path and arguments. Not waited for."),
                    Field.text(
                            "inactive_cmd",
                            "Command on becoming inactive",
                            "Absolute path and arguments. Not waited for."),
                    Field.text(
                                    "rsh_command",
                                    "Remote shell",
                                    "Runs uptime on a real server for the load monitor \"uptime\".")
                            .fallingBackTo("rsh")));

    /** REDUNDANCY. */
    public static final List<FieldGroup> REDUNDANCY = List.of(
            FieldGroup.of(
                    "Backup director",
                    "",
                    Field.text("backup", "Redundant server public IP", "Public address of the backup director."),
                    Field.text(
                            "backup_private",
                            "Redundant server private IP",
                            "Second path for heartbeats; used when the primary has a private IP too.")),
            FieldGroup.of(
                    "Heartbeat",
                    "",
                    Field.number("keepalive", "Heartbeat interval", "seconds", "2", "Time between two heartbeats.")
                            .startingWith("6"),
                    Field.number(
                                    "deadtime",
                                    "Assume dead after",
                                    "seconds",
                                    "5",
                                    "Silence after which the backup takes over. At least three intervals are wise.")
                            .startingWith("18"),
                    Field.number("heartbeat_port", "Heartbeat runs on port", "", "539", "UDP port on both directors.")
                            .startingWith("539")),
            FieldGroup.of(
                    "Links and connections",
                    "",
                    Field.toggle(
                            "monitor_links",
                            "Monitor NIC links for failures",
                            "0",
                            "A director whose own link is down steps down."),
                    Field.toggle(
                            "syncdaemon",
                            "Use sync daemon",
                            "0",
                            "Starts the daemon as ipvsadm would. Connections themselves are not carried over yet."),
                    Field.text("syncd_iface", "Sync daemon interface", "Interface of the multicast.")
                            .fallingBackTo("eth0"),
                    Field.number("syncd_id", "Sync daemon id", "", "0", "0 to 255; the same on both directors.")),
            FieldGroup.folded(
                    "Takeover",
                    "",
                    Field.toggle(
                            "failback", "Primary takes over again when it returns", "1", "Off: as Piranha's code did."),
                    Field.number(
                            "failback_delay", "Failback delay", "seconds", "30", "How long it must be healthy first."),
                    Field.text(
                            "gateway_test",
                            "Gateway to ping before a takeover",
                            "A director that cannot reach it does not take over. Empty: no test."),
                    Field.toggle(
                            "push_config", "Send lvs.cf to the peer", "1", "A newer file goes to the other director."),
                    Field.number(
                            "arp_repeat", "Address announcements after a takeover", "", "5", "Gratuitous ARP packets."),
                    Field.number("arp_refresh", "Announce again every", "seconds", "60", "While active; 0 for never."),
                    Field.toggle(
                            "heartbeat_compat",
                            "Heartbeats as Piranha sent them",
                            "0",
                            "Unsigned; only beside an old Piranha.")));

    /** VIRTUAL SERVER. */
    public static final List<FieldGroup> VIRTUAL = List.of(
            FieldGroup.of(
                    "Service",
                    "",
                    Field.name("Name", "A word that describes the service. Not a host name.")
                            .startingWith("[server_name]"),
                    Field.number("port", "Application port", "", "80", "Number or name of the port; 0 for all ports.")
                            .startingWith("80"),
                    Field.menu(
                                    "protocol",
                                    "Protocol",
                                    "tcp",
                                    options("tcp", "tcp", "udp", "udp", "sctp", "sctp"),
                                    "Of the packets to the virtual IP.")
                            .startingWith("tcp"),
                    Field.ip("address", "Virtual IP Address", "The floating address of the service."),
                    Field.menu(
                            "vip_nmask",
                            "Virtual IP Network Mask",
                            "",
                            MASKS,
                            "Netmask of the virtual IP on its device."),
                    Field.device("address", "Device", "Interface of the public network, as eth0:1.")
                            .startingWith("eth0:1"),
                    Field.number("fwmark", "Firewall Mark", "", "0", "Bundles ports into one service; 0 for none.")),
            FieldGroup.of(
                    "Real servers come and go",
                    "",
                    Field.number(
                                    "timeout",
                                    "Service timeout",
                                    "seconds",
                                    "10",
                                    "Check interval, and wait for an answer.")
                            .startingWith("6"),
                    Field.number(
                                    "reentry",
                                    "Re-entry Time",
                                    "seconds",
                                    "180",
                                    "How long a server must be up to return.")
                            .startingWith("15"),
                    Field.toggle(
                                    "quiesce_server",
                                    "Quiesce server",
                                    "0",
                                    "A failed server keeps its connections at weight 0 instead of being removed.")
                            .startingWith("0"),
                    Field.text("sorry_server", "Sorry Server", "Address that is used while no real server is up."),
                    Field.menu(
                                    "load_monitor",
                                    "Load monitoring tool",
                                    "none",
                                    options("none", "none", "uptime", "uptime", "rup", "rup", "ruptime", "ruptime"),
                                    "Weights follow the load that it reports.")
                            .startingWith("none")),
            FieldGroup.of(
                    "Scheduling",
                    "",
                    Field.menu(
                                    "scheduler",
                                    "Scheduling",
                                    "wlc",
                                    SCHEDULERS,
                                    "How a real server is chosen for a connection.")
                            .startingWith("wlc"),
                    Field.number(
                            "persistent", "Persistence", "seconds", "0", "A client stays with its server; 0 for off."),
                    Field.menu("pmask", "Persistence Network Mask", "", MASKS, "Clients of one network count as one."),
                    Field.menu(
                            "forwarding",
                            "Forwarding",
                            "",
                            METHODS_OR_DEFAULT,
                            "For this service alone. Piranha had one method for all.")));

    /** EDIT MONITORING SCRIPTS. */
    public static final List<FieldGroup> SCRIPTS = List.of(
            FieldGroup.of(
                    "Send and expect",
                    "With both empty, the check of port 80 asks for a page; of other ports it connects only.",
                    Field.text(
                            "send_program",
                            "Sending Program",
                            "Program that checks: %h is the server's address, %p its port. It goes before Send."),
                    Field.text("send", "Send", "Text for the server, with \\n, \\r and \\t.")
                            .startingWith("GET / HTTP/1.0\\r\\n\\r\\n"),
                    Field.text("expect", "Expect", "How the answer must begin; * for anything.")
                            .startingWith("HTTP"),
                    Field.toggle(
                            "use_regex", "Treat expect string as a regular expression", "0", "POSIX extended syntax.")),
            FieldGroup.folded(
                    "Checks that Piranha did not have",
                    "",
                    Field.menu(
                            "check",
                            "Kind of check",
                            "",
                            options(
                                    "",
                                    "Send and expect, or the program",
                                    "connect",
                                    "Connect only",
                                    "http",
                                    "HTTP",
                                    "https",
                                    "HTTPS",
                                    "none",
                                    "None: always up"),
                            "How a real server shows that it is well."),
                    Field.text("http_path", "Path", "HTTP and HTTPS.").fallingBackTo("/"),
                    Field.text("http_host", "Host header", "And name in TLS; the virtual address if empty."),
                    Field.text("http_status", "Good status codes", "As 200,301-308.")
                            .fallingBackTo("200-399"),
                    Field.text("http_body", "Body must contain", "A regular expression."),
                    Field.text(
                                    "tls_verify",
                                    "Verify the certificate",
                                    "One of none and system, or a file of PEM certificates.")
                            .fallingBackTo("none"),
                    Field.number("check_interval", "Check interval", "seconds", "", "Service timeout if empty."),
                    Field.number("connect_timeout", "Connect within", "seconds", "", "Service timeout if empty."),
                    Field.number("read_timeout", "Answer within", "seconds", "", "Service timeout if empty."),
                    Field.number(
                            "rise", "Good checks to return", "", "", "Re-entry time divided by interval if empty."),
                    Field.number("fall", "Failed checks to leave", "", "1", "So many one after the other."),
                    Field.toggle(
                            "expect_anywhere",
                            "Expect may stand anywhere in the answer",
                            "0",
                            "Off: at its beginning."),
                    Field.toggle("program_status", "The program's exit status counts", "1", "Off: as Piranha did."),
                    Field.toggle(
                            "slow_start", "Slow start", "1", "A server that returns gets its weight step by step.")));

    /** EDIT REAL SERVER. */
    public static final List<FieldGroup> SERVER = List.of(
            FieldGroup.of(
                    "Real server",
                    "",
                    Field.name("Name", "A word that describes the server. Not a host name.")
                            .startingWith("[unnamed]"),
                    Field.text("address", "Address", "Address of the real server."),
                    Field.number("port", "Port", "", "", "Only where it differs from the virtual server's. NAT only."),
                    Field.number("weight", "Weight", "", "1", "Capacity compared with the other servers; 0 to 65535.")
                            .startingWith("1")),
            FieldGroup.folded(
                    "Limits and forwarding",
                    "",
                    Field.menu("forwarding", "Forwarding", "", METHODS_OR_DEFAULT, "For this server alone."),
                    Field.number("check_port", "Port that is checked", "", "", "The server's port if empty."),
                    Field.number(
                            "upper_threshold", "Most connections", "", "0", "Beyond it no new ones; 0 for no limit."),
                    Field.number("lower_threshold", "Chosen again below", "", "0", "Connections.")));

    /** FAILOVER. */
    public static final List<FieldGroup> FAILOVER = List.of(FieldGroup.of(
            "Failover service",
            "",
            Field.name("Name", "A word that describes the service.").startingWith("[server_name]"),
            Field.ip("address", "Address", "The floating address of the service."),
            Field.menu("vip_nmask", "Netmask", "", MASKS, "Netmask of the address on its device.")
                    .startingWith("255.255.255.0"),
            Field.number("port", "Application port", "", "80", "The port that the standby director checks.")
                    .startingWith("80"),
            Field.device("address", "Device", "Interface of the address, as eth0:1.")
                    .startingWith("eth0:1"),
            Field.number("timeout", "Service timeout", "seconds", "10", "Check interval, and wait for an answer.")
                    .startingWith("6")));

    /** The scripts of a failover service. */
    public static final List<FieldGroup> FAILOVER_SCRIPTS = Stream.concat(
                    SCRIPTS.subList(0, 1).stream(),
                    Stream.of(FieldGroup.of(
                            "Commands",
                            "Absolute path and arguments. They are waited for, and run again if repeated.",
                            Field.text("start_cmd", "Start command", "Starts the service.")
                                    .startingWith("/etc/rc.d/init.d/httpd start"),
                            Field.text("stop_cmd", "Stop command", "Stops the service.")
                                    .startingWith("/etc/rc.d/init.d/httpd stop"))))
            .toList();

    private Fields() {}

    private static Map<String, String> options(String... valuesAndLabels) {
        final Map<String, String> options = new LinkedHashMap<>();
        for (int i = 0; i < valuesAndLabels.length; i += 2) {
            options.put(valuesAndLabels[i], valuesAndLabels[i + 1]);
        }
        return options;
    }

    private static Map<String, String> masks() {
        final Map<String, String> masks = new LinkedHashMap<>();
        masks.put("", "Unused");
        for (final int prefix : new int[] {32, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16}) {
            final int mask = -1 << (32 - prefix);
            final String text =
                    (mask >>> 24) + "." + (mask >>> 16 & 0xff) + '.' + (mask >>> 8 & 0xff) + '.' + (mask & 0xff);
            masks.put(text, text);
        }
        return masks;
    }

    /** Keys of a block that some panel has, be it as a button. */
    public static Set<String> keys(List<FieldGroup> groups, List<FieldGroup> more, String... buttons) {
        final Set<String> keys = new HashSet<>(List.of(buttons));
        Stream.concat(all(groups).stream(), all(more).stream()).forEach(field -> keys.add(field.key()));
        return keys;
    }

    /** All fields of several groups. */
    public static List<Field> all(List<FieldGroup> groups) {
        return groups.stream().flatMap(group -> group.fields().stream()).toList();
    }
}
