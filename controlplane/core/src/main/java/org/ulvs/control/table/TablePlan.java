// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.table;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ulvs.cnc.InetAddr;
import org.ulvs.cnc.OwnedAddress;
import org.ulvs.cnc.ServerSpec;
import org.ulvs.cnc.ServiceKey;
import org.ulvs.cnc.ServiceSpec;
import org.ulvs.control.lvscf.Configuration;
import org.ulvs.control.lvscf.GlobalKeys;
import org.ulvs.control.lvscf.HostDevice;
import org.ulvs.control.lvscf.Ipv4;
import org.ulvs.control.lvscf.RealServer;
import org.ulvs.control.lvscf.ServerKeys;
import org.ulvs.control.lvscf.VirtualKeys;
import org.ulvs.control.lvscf.VirtualServer;

/**
 * What a configuration asks of the dataplane, before health and weights: services, servers, addresses, timeouts.
 *
 * @param services in the order of the file
 * @param addresses VIPs and the NAT router address, each once
 * @param tcpTimeout seconds, 0 to leave it
 * @param tcpFinTimeout seconds, 0 to leave it
 * @param udpTimeout seconds, 0 to leave it
 */
public record TablePlan(
        List<PlannedService> services,
        List<OwnedAddress> addresses,
        int tcpTimeout,
        int tcpFinTimeout,
        int udpTimeout) {
    private static final int ALL_ONES = -1;

    /** A plan with its own lists. */
    public TablePlan {
        services = List.copyOf(services);
        addresses = List.copyOf(addresses);
    }

    /** A plan that asks for nothing, as on a standby director. */
    public static TablePlan empty() {
        return new TablePlan(List.of(), List.of(), 0, 0, 0);
    }

    /** The plan of a usable configuration. */
    public static TablePlan of(Configuration configuration) {
        final List<PlannedService> services = new ArrayList<>();
        for (final List<VirtualServer> group : groups(configuration)) {
            services.add(service(configuration, group));
        }
        return new TablePlan(
                services,
                addresses(configuration),
                (int) configuration.global().value(GlobalKeys.TCP_TIMEOUT).toSeconds(),
                (int) configuration.global().value(GlobalKeys.TCPFIN_TIMEOUT).toSeconds(),
                (int) configuration.global().value(GlobalKeys.UDP_TIMEOUT).toSeconds());
    }

    /** Virtual servers that are one service to the dataplane because they share a firewall mark. */
    private static List<List<VirtualServer>> groups(Configuration configuration) {
        final Map<String, List<VirtualServer>> groups = new LinkedHashMap<>();
        for (final VirtualServer virtual : configuration.activeVirtualServers()) {
            final String key = virtual.mark() != 0 ? "mark " + virtual.mark() : "line " + virtual.line();
            groups.computeIfAbsent(key, ignored -> new ArrayList<>()).add(virtual);
        }
        return List.copyOf(groups.values());
    }

    private static PlannedService service(Configuration configuration, List<VirtualServer> group) {
        final VirtualServer first = group.get(0);
        final Map<InetAddress, List<PlannedServer.Member>> byAddress = new LinkedHashMap<>();
        final List<PlannedServer> servers = new ArrayList<>();
        for (final VirtualServer virtual : group) {
            for (final RealServer server : virtual.activeServers()) {
                final PlannedServer.Member member = new PlannedServer.Member(virtual, server);
                if (group.size() == 1) {
                    servers.add(new PlannedServer(server(configuration, member, port(member)), List.of(member)));
                } else {
                    byAddress
                            .computeIfAbsent(server.address(), ignored -> new ArrayList<>())
                            .add(member);
                }
            }
        }
        byAddress.values().forEach(members -> servers.add(shared(configuration, members)));
        final Optional<ServerSpec> sorry = first.section()
                .find(VirtualKeys.SORRY_SERVER)
                .map(address -> ServerSpec.of(
                        address(address),
                        first.mark() != 0 ? 0 : first.port(),
                        method(configuration.forwarding(first)),
                        1));
        return new PlannedService(
                spec(first), group, servers, sorry, first.section().value(VirtualKeys.QUIESCE_SERVER));
    }

    private static PlannedServer shared(Configuration configuration, List<PlannedServer.Member> members) {
        final List<Integer> ports =
                members.stream().map(TablePlan::port).distinct().toList();
        final int port = ports.size() == 1 ? ports.get(0) : 0;
        return new PlannedServer(server(configuration, members.get(0), port), members);
    }

    /**
     * The port in the table. Direct routing and tunnelling cannot change it, so it is the service's, as ipvsadm itself
     * makes it; a marked service keeps each packet's port unless the server block names one.
     */
    private static int port(PlannedServer.Member member) {
        final RealServer server = member.server();
        if (member.virtual().mark() != 0) {
            return server.section().find(ServerKeys.PORT).orElse(0);
        }
        return server.port();
    }

    private static ServerSpec server(Configuration configuration, PlannedServer.Member member, int port) {
        final RealServer server = member.server();
        final int method = method(configuration.forwarding(member.virtual(), server));
        final boolean keepsPort =
                method != ServerSpec.MASQUERADE && member.virtual().mark() == 0;
        return new ServerSpec(
                address(server.address()),
                keepsPort ? member.virtual().port() : port,
                method,
                server.weight(),
                server.section().value(ServerKeys.UPPER_THRESHOLD).intValue(),
                server.section().value(ServerKeys.LOWER_THRESHOLD).intValue(),
                0,
                0,
                0);
    }

    private static ServiceSpec spec(VirtualServer virtual) {
        final ServiceKey key = virtual.mark() != 0
                ? new ServiceKey(0, InetAddr.v4(0), 0, virtual.mark())
                : new ServiceKey(
                        protocol(virtual.protocol()), address(virtual.address().address()), virtual.port(), 0);
        final int persistent = virtual.persistentSeconds();
        int flags = schedulerFlags(virtual);
        if (persistent > 0) {
            flags |= ServiceSpec.PERSISTENT;
        }
        if (virtual.section().value(VirtualKeys.ONE_PACKET)) {
            flags |= ServiceSpec.ONE_PACKET;
        }
        final int mask = persistent > 0 ? virtual.section().value(VirtualKeys.PMASK) : ALL_ONES;
        return new ServiceSpec(key, virtual.scheduler(), flags, persistent, mask);
    }

    private static int schedulerFlags(VirtualServer virtual) {
        int flags = 0;
        for (final String word :
                virtual.section().find(VirtualKeys.SCHEDULER_FLAGS).orElse("").split(",", -1)) {
            flags |= switch (word.strip()) {
                case "flag-1", "sh-fallback", "mh-fallback" -> 0x08;
                case "flag-2", "sh-port", "mh-port" -> 0x10;
                case "flag-3" -> 0x20;
                default -> 0;
            };
        }
        return flags;
    }

    private static List<OwnedAddress> addresses(Configuration configuration) {
        final Map<InetAddr, OwnedAddress> addresses = new LinkedHashMap<>();
        for (final VirtualServer virtual : configuration.activeVirtualServers()) {
            add(addresses, virtual.address());
        }
        final boolean masquerades = configuration.activeVirtualServers().stream()
                .anyMatch(virtual -> virtual.activeServers().stream()
                                .anyMatch(server -> "nat".equals(configuration.forwarding(virtual, server)))
                        || "nat".equals(configuration.forwarding(virtual)));
        if (masquerades) {
            configuration.global().find(GlobalKeys.NAT_ROUTER).ifPresent(router -> add(addresses, router));
        }
        return List.copyOf(addresses.values());
    }

    private static void add(Map<InetAddr, OwnedAddress> addresses, HostDevice hostDevice) {
        final InetAddr address = address(hostDevice.address());
        addresses.putIfAbsent(address, new OwnedAddress(address, hostDevice.baseDevice()));
    }

    /** Kernel number of a forwarding method. */
    public static int method(String forwarding) {
        return switch (forwarding) {
            case "direct" -> ServerSpec.DIRECT;
            case "tunnel" -> ServerSpec.TUNNEL;
            default -> ServerSpec.MASQUERADE;
        };
    }

    private static int protocol(String name) {
        return switch (name) {
            case "udp" -> 17;
            case "sctp" -> 132;
            default -> 6;
        };
    }

    static InetAddr address(InetAddress address) {
        return InetAddr.v4(Ipv4.number(address));
    }
}
