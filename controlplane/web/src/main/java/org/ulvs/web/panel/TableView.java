// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.panel;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ulvs.control.lvscf.Configuration;
import org.ulvs.control.lvscf.RealServer;
import org.ulvs.control.lvscf.ServerKeys;
import org.ulvs.control.lvscf.VirtualKeys;
import org.ulvs.control.lvscf.VirtualServer;
import org.ulvs.web.live.ControlPlane;
import org.ulvs.web.live.LiveTable;

/** The live table with lvs.cf's names and the health of servers; servers that the table lacks are there as well. */
public final class TableView {
    private TableView() {}

    /**
     * A virtual service.
     *
     * @param key in the live table
     * @param name in lvs.cf, empty where it is not from there
     * @param protocol with its address and port, or firewall mark
     * @param endpoint of the service
     * @param scheduler and persistence
     * @param active connections
     * @param inactive connections
     * @param cps connections a second
     * @param bps bytes a second both ways
     * @param inTable whether the director has it
     * @param servers of the service
     */
    public record ServiceRow(
            String key,
            String name,
            String protocol,
            String endpoint,
            String scheduler,
            long active,
            long inactive,
            long cps,
            long bps,
            boolean inTable,
            List<ServerRow> servers) {
        /** Keeps its own list. */
        public ServiceRow {
            servers = List.copyOf(servers);
        }

        /** How many servers are in use. */
        public long up() {
            return servers.stream()
                    .filter(server -> "up".equals(server.state()))
                    .count();
        }
    }

    /**
     * A real server.
     *
     * @param key in the live table
     * @param name in lvs.cf, empty where it is not from there
     * @param endpoint of the server
     * @param forwarding as ipvsadm shows it
     * @param weight in the table
     * @param active connections
     * @param inactive connections
     * @param cps connections a second
     * @param bps bytes a second both ways
     * @param state {@code up}, {@code down}, {@code drain} or {@code absent}
     * @param reason of the state
     * @param since for people, empty where it is not known
     */
    public record ServerRow(
            String key,
            String name,
            String endpoint,
            String forwarding,
            int weight,
            long active,
            long inactive,
            long cps,
            long bps,
            String state,
            String reason,
            String since) {
        /** The state in a word. */
        public String stateText() {
            return switch (state) {
                case "drain" -> "weight 0";
                case "absent" -> "not in table";
                default -> state;
            };
        }
    }

    /** Puts everything together. */
    public static List<ServiceRow> of(
            LiveTable table, Configuration configuration, Map<String, ControlPlane.Health> health) {
        final Map<String, VirtualServer> byKey = new HashMap<>();
        for (final VirtualServer virtual : configuration.activeVirtualServers()) {
            byKey.putIfAbsent(key(virtual), virtual);
        }
        final List<ServiceRow> rows = new ArrayList<>();
        final Set<String> seen = new HashSet<>();
        for (final LiveTable.Service service : table.services()) {
            final VirtualServer virtual = byKey.get(service.key());
            seen.add(service.key());
            rows.add(new ServiceRow(
                    service.key(),
                    virtual == null ? "" : virtual.name(),
                    service.protocol(),
                    service.endpoint(),
                    service.scheduler() + (service.persistent() > 0 ? " persistent " + service.persistent() : ""),
                    service.active(),
                    service.inactive(),
                    service.rates().connections(),
                    service.rates().bytesIn() + service.rates().bytesOut(),
                    true,
                    servers(service, virtual, health)));
        }
        byKey.forEach((key, virtual) -> {
            if (!seen.contains(key)) {
                rows.add(missing(key, virtual, health));
            }
        });
        return rows;
    }

    private static ServiceRow missing(String key, VirtualServer virtual, Map<String, ControlPlane.Health> health) {
        final List<ServerRow> servers = new ArrayList<>();
        for (final RealServer server : virtual.activeServers()) {
            servers.add(absent(key, virtual, server, health));
        }
        final int space = key.indexOf(' ');
        return new ServiceRow(
                key,
                virtual.name(),
                key.substring(0, space),
                key.substring(space + 1),
                virtual.scheduler(),
                0,
                0,
                0,
                0,
                false,
                servers);
    }

    /** The key that a virtual server has in the live table. */
    public static String key(VirtualServer virtual) {
        if (virtual.mark() != 0) {
            return "FWM " + Integer.toUnsignedString(virtual.mark());
        }
        final String address = virtual.section()
                .find(VirtualKeys.ADDRESS)
                .map(found -> found.address().getHostAddress())
                .orElse("0.0.0.0");
        return virtual.protocol().toUpperCase(Locale.ROOT) + ' ' + address + ':' + virtual.port();
    }

    private static List<ServerRow> servers(
            LiveTable.Service service, @Nullable VirtualServer virtual, Map<String, ControlPlane.Health> health) {
        final Map<String, RealServer> configured = new HashMap<>();
        if (virtual != null) {
            for (final RealServer server : virtual.activeServers()) {
                configured.put(address(server), server);
            }
        }
        final List<ServerRow> rows = new ArrayList<>();
        for (final LiveTable.Server server : service.servers()) {
            final RealServer known = configured.remove(server.address());
            final ControlPlane.Health state =
                    known == null || virtual == null ? null : health.get(virtual.name() + '/' + known.name());
            rows.add(new ServerRow(
                    service.key() + '>' + server.endpoint(),
                    known == null ? "" : known.name(),
                    server.endpoint(),
                    server.forwarding(),
                    server.weight(),
                    server.active(),
                    server.inactive(),
                    server.rates().connections(),
                    server.rates().bytesIn() + server.rates().bytesOut(),
                    state != null && !state.up() ? "down" : server.weight() == 0 ? "drain" : "up",
                    state == null ? "" : state.reason(),
                    state == null ? "" : Times.since(state.sinceMs())));
        }
        if (virtual != null) {
            for (final RealServer server : virtual.activeServers()) {
                if (server.equals(configured.get(address(server)))) {
                    rows.add(absent(service.key(), virtual, server, health));
                }
            }
        }
        return rows;
    }

    private static String address(RealServer server) {
        return server.section()
                .find(ServerKeys.ADDRESS)
                .map(InetAddress::getHostAddress)
                .orElse("");
    }

    private static ServerRow absent(
            String key, VirtualServer virtual, RealServer server, Map<String, ControlPlane.Health> health) {
        final ControlPlane.Health state = health.get(virtual.name() + '/' + server.name());
        final String endpoint = address(server) + ':' + server.port();
        return new ServerRow(
                key + '>' + endpoint,
                server.name(),
                endpoint,
                "",
                0,
                0,
                0,
                0,
                0,
                state != null && !state.up() ? "down" : "absent",
                state == null ? "" : state.reason(),
                state == null ? "" : Times.since(state.sinceMs()));
    }
}
