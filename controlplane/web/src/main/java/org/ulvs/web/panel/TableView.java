// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.panel;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ulvs.control.lvs.LvsStatus;
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
     * @param rates a second
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
            LiveTable.Figures rates,
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
     * @param rates a second
     * @param state {@code up}, {@code down}, {@code drain} or {@code absent}
     * @param reason of the state
     * @param details since when, and how long the last check took; empty where it is not known
     */
    public record ServerRow(
            String key,
            String name,
            String endpoint,
            String forwarding,
            int weight,
            long active,
            long inactive,
            LiveTable.Figures rates,
            String state,
            String reason,
            String details) {
        /** The connections that a drained server still has, in LVS's words. */
        public String remaining() {
            return active + inactive == 0
                    ? "no connections remain"
                    : active + " active and " + inactive + " inactive connections remain";
        }

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
                    service.rates(),
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
                LiveTable.Figures.ZERO,
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
        final Map<String, RealServer> configured = new LinkedHashMap<>();
        if (virtual != null) {
            for (final RealServer server : virtual.activeServers()) {
                configured.put(endpoint(server), server);
            }
        }
        // in the order of lvs.cf, whatever came last into the table; then what is not from there
        final List<String> order = List.copyOf(configured.keySet());
        final Map<String, ServerRow> present = new HashMap<>();
        final List<ServerRow> others = new ArrayList<>();
        for (final LiveTable.Server server : service.servers()) {
            final RealServer known = take(configured, server);
            if (virtual == null || known == null) {
                others.add(row(service, server, "", null));
            } else {
                present.put(
                        endpoint(known),
                        row(service, server, known.name(), health.get(virtual.name() + '/' + known.name())));
            }
        }
        final List<ServerRow> rows = new ArrayList<>();
        for (final String endpoint : order) {
            final ServerRow row = present.get(endpoint);
            final RealServer missing = configured.get(endpoint);
            if (row != null) {
                rows.add(row);
            } else if (virtual != null && missing != null) {
                rows.add(absent(service.key(), virtual, missing, health));
            }
        }
        rows.addAll(others);
        return rows;
    }

    private static ServerRow row(
            LiveTable.Service service, LiveTable.Server server, String name, ControlPlane.@Nullable Health state) {
        return new ServerRow(
                service.key(server),
                name,
                server.endpoint(),
                server.forwarding(),
                server.weight(),
                server.active(),
                server.inactive(),
                server.rates(),
                state != null && !state.up() ? "down" : server.weight() == 0 ? "drain" : "up",
                state == null ? "" : state.reason(),
                details(state));
    }

    /** Since when, and how long the last check took. */
    private static String details(ControlPlane.@Nullable Health state) {
        if (state == null || state.sinceMs() <= 0) {
            return "";
        }
        final LvsStatus.Checks checks = state.checks();
        return "since " + Times.brief(state.sinceMs())
                + (checks.count() == 0 ? "" : " · " + Times.duration(checks.lastNanos()));
    }

    /** The configured server of a server in the table; by its address alone where the table has another port. */
    private static @Nullable RealServer take(Map<String, RealServer> configured, LiveTable.Server server) {
        final RealServer exact = configured.remove(server.endpoint());
        if (exact != null) {
            return exact;
        }
        for (final Map.Entry<String, RealServer> other : configured.entrySet()) {
            if (address(other.getValue()).equals(server.address())) {
                configured.remove(other.getKey());
                return other.getValue();
            }
        }
        return null;
    }

    private static String endpoint(RealServer server) {
        return address(server) + ':' + server.port();
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
        final String endpoint = endpoint(server);
        return new ServerRow(
                key + '>' + endpoint,
                server.name(),
                endpoint,
                "",
                0,
                0,
                0,
                LiveTable.Figures.ZERO,
                state != null && !state.up() ? "down" : "absent",
                state == null ? "" : state.reason(),
                details(state));
    }
}
