// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvscf;

import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What values must be like together. */
final class Validator {
    private static final int MAX_WEIGHT = 65_535;

    private final Configuration configuration;
    private final Findings findings;

    private Validator(Configuration configuration, Findings findings) {
        this.configuration = configuration;
        this.findings = findings;
    }

    static void validate(Configuration configuration, Findings findings) {
        final Validator validator = new Validator(configuration, findings);
        validator.nodes();
        validator.heartbeats();
        validator.network();
        validator.services();
    }

    private void fileWarning(String reason, String suggestion) {
        findings.warning(0, 0, reason, suggestion, "");
    }

    private void nodes() {
        final Section global = configuration.global();
        final Optional<InetAddress> primary = global.find(GlobalKeys.PRIMARY);
        final Optional<InetAddress> backup = global.find(GlobalKeys.BACKUP);
        if (primary.isEmpty()) {
            fileWarning("no primary", "add primary = ADDRESS before pulse is started");
        } else if (primary.get().isAnyLocalAddress()) {
            findings.error(0, 0, "primary is 0.0.0.0", "write the director's address", Findings.INVALID_HOST);
        }
        if (global.value(GlobalKeys.BACKUP_ACTIVE) && configuration.backup().isEmpty()) {
            fileWarning("backup_active = 1 without a backup; it counts as 0", "add backup = ADDRESS");
        }
        if (backup.isPresent() && backup.equals(primary)) {
            findings.error(0, 0, "primary and backup are the same address", "", "");
        }
        final boolean primaryPath = configuration.primaryPrivate().isPresent();
        if (configuration.backup().isPresent()
                && primaryPath != configuration.backupPrivate().isPresent()) {
            fileWarning(
                    "only one director has a private address; the second heartbeat path is not used",
                    "give both primary_private and backup_private");
        }
        for (final Key<InetAddress> key : List.of(GlobalKeys.PRIMARY_PRIVATE, GlobalKeys.BACKUP_PRIVATE)) {
            if (global.find(key).map(InetAddress::isAnyLocalAddress).orElse(false)) {
                findings.error(0, 0, key.name() + " is 0.0.0.0", "leave the line out", Findings.INVALID_HOST);
            }
        }
    }

    private void heartbeats() {
        final Duration keepalive = configuration.global().value(GlobalKeys.KEEPALIVE);
        final Duration deadtime = configuration.global().value(GlobalKeys.DEADTIME);
        if (keepalive.isZero() || deadtime.isZero()) {
            findings.error(0, 0, "keepalive and deadtime must be above 0", "", "");
        } else if (deadtime.compareTo(keepalive) <= 0) {
            fileWarning(
                    "deadtime " + Seconds.format(deadtime) + " is not longer than keepalive "
                            + Seconds.format(keepalive) + ": the peer would count as dead between two heartbeats",
                    "make deadtime at least three times keepalive");
        }
        if (configuration.global().value(GlobalKeys.HEARTBEAT_PORT) == 0) {
            findings.error(0, 0, "heartbeat_port is 0", "", "");
        }
    }

    private void network() {
        final Section global = configuration.global();
        final boolean nat = "nat".equals(global.value(GlobalKeys.NETWORK));
        if (nat
                && global.find(GlobalKeys.NAT_ROUTER).isEmpty()
                && !configuration.failoverMode()
                && !configuration.activeVirtualServers().isEmpty()) {
            fileWarning(
                    "network = nat without nat_router: real servers need the director as their gateway",
                    "add nat_router = ADDRESS DEVICE");
        }
        final long syncId = global.value(GlobalKeys.SYNCD_ID);
        if (syncId < 0 || syncId > 255) {
            fileWarning("syncd_id is above 255: its low 8 bits count", "");
        }
    }

    private void services() {
        final List<VirtualServer> active = configuration.failoverMode()
                ? configuration.activeFailoverServices()
                : configuration.activeVirtualServers();
        if (active.isEmpty()) {
            final String kind = configuration.failoverMode() ? "fos" : "lvs";
            findings.add(
                    Finding.Severity.WARNING,
                    0,
                    0,
                    "no active " + kind + " service",
                    "",
                    "no active " + kind + " services defined");
        }
        final Map<String, VirtualServer> names = new HashMap<>();
        final Map<String, VirtualServer> keys = new HashMap<>();
        final Map<InetAddress, VirtualServer> addresses = new HashMap<>();
        for (final VirtualServer virtual : configuration.virtualServers()) {
            final VirtualServer same = names.putIfAbsent(virtual.name(), virtual);
            if (same != null) {
                findings.warning(
                        virtual.line(), 0, "the name " + virtual.name() + " is also in line " + same.line(), "", "");
            }
            timing(virtual);
            if (virtual.active() && virtual.section().find(VirtualKeys.ADDRESS).isPresent()) {
                service(virtual, keys);
                address(virtual, addresses);
            }
        }
        for (final VirtualServer failover : configuration.failoverServices()) {
            timing(failover);
            final boolean complete =
                    failover.section().find(VirtualKeys.START_CMD).isPresent()
                            && failover.section().find(VirtualKeys.STOP_CMD).isPresent();
            if (failover.active() && !complete) {
                findings.warning(
                        failover.line(), 0, "failover " + failover.name() + " has no start_cmd or stop_cmd", "", "");
            }
        }
    }

    private void service(VirtualServer virtual, Map<String, VirtualServer> keys) {
        final String key = virtual.mark() != 0
                ? "fwmark " + Integer.toUnsignedString(virtual.mark())
                : virtual.protocol() + " " + virtual.address().address().getHostAddress() + ":" + virtual.port();
        final VirtualServer other = keys.putIfAbsent(key, virtual);
        if (other != null && virtual.mark() != 0) {
            findings.warning(
                    virtual.line(),
                    0,
                    "virtual " + virtual.name() + " has the firewall mark of " + other.name() + " (line " + other.line()
                            + "): both are one service, and a server must pass the checks of both",
                    "Piranha ran only the first",
                    "");
        } else if (other != null) {
            findings.error(
                    virtual.line(),
                    0,
                    "virtual " + virtual.name() + " is the same service as " + other.name() + " in line " + other.line()
                            + ": " + key,
                    "change its port or address",
                    "");
        }
        if (virtual.port() == 0 && virtual.mark() == 0 && virtual.persistentSeconds() == 0) {
            findings.error(virtual.line(), 0, "port 0 (all ports) needs persistence", "add persistent = 300", "");
        }
        if (virtual.mark() != 0
                && configuration.global().find(GlobalKeys.MARK_RULES).isEmpty()) {
            findings.note(virtual.line(), 0, "fwmark without mark_rules: the rules must come from elsewhere", "");
        }
        if (virtual.activeServers().isEmpty()
                && virtual.section().find(VirtualKeys.SORRY_SERVER).isEmpty()) {
            findings.warning(virtual.line(), 0, "virtual " + virtual.name() + " has no active server", "", "");
        }
        servers(virtual);
    }

    private void servers(VirtualServer virtual) {
        final Map<String, RealServer> keys = new HashMap<>();
        for (final RealServer server : virtual.activeServers()) {
            if (server.section().find(ServerKeys.ADDRESS).isEmpty()) {
                continue;
            }
            final String key = server.address().getHostAddress() + ':' + server.port();
            final RealServer other = keys.putIfAbsent(key, server);
            if (other != null) {
                findings.error(
                        server.line(),
                        0,
                        "server " + server.name() + " is the same as " + other.name() + " in line " + other.line(),
                        "remove one of them",
                        "");
            }
            final String forwarding = configuration.forwarding(virtual, server);
            if (!"nat".equals(forwarding) && virtual.mark() == 0 && server.port() != virtual.port()) {
                findings.warning(
                        server.line(),
                        0,
                        "port " + server.port() + " of server " + server.name() + " is checked, but " + forwarding
                                + " forwarding cannot change ports: packets go to port " + virtual.port(),
                        "use nat, or one port for both",
                        "");
            }
            if (server.section().value(ServerKeys.WEIGHT) < 0
                    || server.section().value(ServerKeys.WEIGHT) > MAX_WEIGHT) {
                findings.error(server.line(), 0, "weight is not within 0 to " + MAX_WEIGHT, "", "");
            }
        }
    }

    private void address(VirtualServer virtual, Map<InetAddress, VirtualServer> addresses) {
        final VirtualServer other = addresses.putIfAbsent(virtual.address().address(), virtual);
        if (other == null) {
            return;
        }
        final boolean sameMask = virtual.section()
                .find(VirtualKeys.VIP_NMASK)
                .equals(other.section().find(VirtualKeys.VIP_NMASK));
        if (!virtual.address().baseDevice().equals(other.address().baseDevice()) || !sameMask) {
            findings.warning(
                    virtual.line(),
                    0,
                    "virtual " + virtual.name() + " has the address of " + other.name()
                            + " with another device or netmask; those of line " + other.line() + " are used",
                    "make them equal",
                    "");
        }
    }

    private void timing(VirtualServer virtual) {
        final Section section = virtual.section();
        if (section.value(VirtualKeys.TIMEOUT).isZero()) {
            findings.error(virtual.line(), 0, "timeout is 0", "write timeout = 10", "");
        }
        for (final Key<Duration> key :
                List.of(VirtualKeys.CHECK_INTERVAL, VirtualKeys.CONNECT_TIMEOUT, VirtualKeys.READ_TIMEOUT)) {
            if (section.find(key).map(Duration::isZero).orElse(false)) {
                findings.error(virtual.line(), 0, key.name() + " is 0", "", "");
            }
        }
        for (final Key<Long> key : List.of(VirtualKeys.RISE, VirtualKeys.FALL)) {
            if (section.find(key).map(count -> count < 1).orElse(false)) {
                findings.error(virtual.line(), 0, key.name() + " is below 1", "", "");
            }
        }
        final boolean masked =
                section.written(VirtualKeys.PMASK).map(mask -> mask != -1).orElse(false);
        if (virtual.persistentSeconds() == 0 && masked) {
            findings.warning(virtual.line(), 0, "pmask without persistent has no effect", "", "");
        }
        if (Duration.ZERO.compareTo(section.value(VirtualKeys.PERSISTENT)) < 0 && virtual.persistentSeconds() == 0) {
            findings.error(virtual.line(), 0, "persistent is below one second", "", "");
        }
    }
}
