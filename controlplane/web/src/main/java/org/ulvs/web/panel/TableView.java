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
import org.ulvs.control.lvscf.BlockIds;
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
     * @param name identifier of its block in lvs.cf, empty where it is not from there
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

        /** How many of how many servers are in use. */
        public String state() {
            return up() + " of " + servers.size() + " up";
        }

        /** The service as if it were one server. */
        ServerRow total() {
            return new ServerRow(key, name, endpoint, "", 0, active, inactive, rates, state(), "", "");
        }
    }

    /**
     * A real server.
     *
     * @param key in the live table
     * @param name identifier of its block in its virtual server, empty where it is not from lvs.cf
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
        final Map<String, Named> byKey = new LinkedHashMap<>();
        final List<VirtualServer> all = configuration.virtualServers();
        final List<String> ids = BlockIds.of(all, VirtualServer::name);
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).active()) {
                byKey.putIfAbsent(key(all.get(i)), new Named(ids.get(i), all.get(i)));
            }
        }
        final List<ServiceRow> rows = new ArrayList<>();
        final Set<String> seen = new HashSet<>();
        for (final LiveTable.Service service : table.services()) {
            final Named named = byKey.get(service.key());
            seen.add(service.key());
            rows.add(new ServiceRow(
                    service.key(),
                    named == null ? "" : named.id(),
                    service.protocol(),
                    service.endpoint(),
                    service.scheduler() + (service.persistent() > 0 ? " persistent " + service.persistent() : ""),
                    service.active(),
                    service.inactive(),
                    service.rates(),
                    true,
                    servers(service, named == null ? Map.of() : named.servers(), health)));
        }
        byKey.forEach((key, named) -> {
            if (!seen.contains(key)) {
                rows.add(missing(key, named, health));
            }
        });
        return rows;
    }

    /** A virtual server and its identifier. */
    private record Named(String id, VirtualServer virtual) {
        /** Identifiers of its servers that are in use, by their endpoints in the live table; in the order of lvs.cf. */
        Map<String, String> servers() {
            final List<RealServer> all = virtual.servers();
            final List<String> ids = BlockIds.of(all, RealServer::name);
            final Map<String, String> byEndpoint = new LinkedHashMap<>();
            for (int i = 0; i < all.size(); i++) {
                if (all.get(i).active()) {
                    byEndpoint.putIfAbsent(endpoint(virtual, all.get(i)), ids.get(i));
                }
            }
            return byEndpoint;
        }
    }

    private static ServiceRow missing(String key, Named named, Map<String, ControlPlane.Health> health) {
        final List<ServerRow> servers = new ArrayList<>();
        named.servers().forEach((endpoint, id) -> servers.add(absent(key, id, endpoint, health)));
        final int space = key.indexOf(' ');
        return new ServiceRow(
                key,
                named.id(),
                key.substring(0, space),
                key.substring(space + 1),
                named.virtual().scheduler(),
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

    /** In the order of lvs.cf, whatever came last into the table; then what is not from there. */
    private static List<ServerRow> servers(
            LiveTable.Service service, Map<String, String> configured, Map<String, ControlPlane.Health> health) {
        final Map<String, LiveTable.Server> present = new HashMap<>();
        // one whose port the table has otherwise, as where servers of one mark have several
        final Map<String, LiveTable.Server> byAddress = new LinkedHashMap<>();
        final List<LiveTable.Server> others = new ArrayList<>();
        for (final LiveTable.Server server : service.servers()) {
            if (configured.containsKey(server.endpoint())) {
                present.put(server.endpoint(), server);
            } else if (byAddress.putIfAbsent(server.address(), server) != null) {
                others.add(server);
            }
        }
        final List<ServerRow> rows = new ArrayList<>();
        configured.forEach((endpoint, id) -> {
            final LiveTable.Server exact = present.get(endpoint);
            final LiveTable.Server server =
                    exact == null ? byAddress.remove(endpoint.substring(0, endpoint.lastIndexOf(':'))) : exact;
            rows.add(
                    server == null
                            ? absent(service.key(), id, endpoint, health)
                            : row(service, server, id, health.get(service.key(server))));
        });
        others.addAll(0, byAddress.values());
        others.forEach(server -> rows.add(row(service, server, "", null)));
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

    private static String address(RealServer server) {
        return server.section()
                .find(ServerKeys.ADDRESS)
                .map(InetAddress::getHostAddress)
                .orElse("");
    }

    /** The address and port that a server has in the live table. */
    private static String endpoint(VirtualServer virtual, RealServer server) {
        // a marked service keeps each packet's port unless the server's block names one
        final int port = virtual.mark() == 0
                ? server.port()
                : server.section().find(ServerKeys.PORT).orElse(0);
        return address(server) + ':' + port;
    }

    /** What the checks of a server say, null where that is not known. */
    static ControlPlane.@Nullable Health health(
            Map<String, ControlPlane.Health> health, VirtualServer virtual, RealServer server) {
        final String service = key(virtual) + '>';
        final ControlPlane.Health exact = health.get(service + endpoint(virtual, server));
        // the port of a server is not always its own: see the table's
        return exact == null
                ? health.get(service + address(server) + ':' + (virtual.mark() == 0 ? virtual.port() : 0))
                : exact;
    }

    private static ServerRow absent(String key, String id, String endpoint, Map<String, ControlPlane.Health> health) {
        final ControlPlane.Health state = health.get(key + '>' + endpoint);
        return new ServerRow(
                key + '>' + endpoint,
                id,
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
