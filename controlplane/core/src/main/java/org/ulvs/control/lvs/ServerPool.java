// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ulvs.cnc.InetAddr;
import org.ulvs.cnc.ServerImage;
import org.ulvs.cnc.ServerSpec;
import org.ulvs.cnc.ServiceImage;
import org.ulvs.cnc.ServiceKey;
import org.ulvs.cnc.TableImage;
import org.ulvs.control.check.CheckSpec;
import org.ulvs.control.check.Health;
import org.ulvs.control.table.DesiredService;
import org.ulvs.control.table.DesiredTable;
import org.ulvs.control.table.PlannedServer;
import org.ulvs.control.table.PlannedService;
import org.ulvs.control.table.TablePlan;

/** All services of a configuration with the health and weight of their servers. Pure; one thread. */
final class ServerPool {
    private record Address(ServiceKey service, InetAddr address, int port) {}

    private TablePlan plan = TablePlan.empty();
    private List<ServiceState> services = List.of();
    private final Map<String, ServerState> byCheck = new HashMap<>();
    private final Map<String, ServerState.MemberState> members = new HashMap<>();

    /** A new plan. Checks that stay as they are keep what they know. */
    void plan(TablePlan changed, long nowMs) {
        final Map<String, ServerState.MemberState> before = Map.copyOf(members);
        final Map<Address, ServerState> serversBefore = new HashMap<>();
        for (final ServiceState service : services) {
            for (final ServerState server : service.servers()) {
                serversBefore.put(address(service.planned(), server.planned()), server);
            }
        }
        plan = changed;
        members.clear();
        byCheck.clear();
        final List<ServiceState> states = new ArrayList<>();
        for (final PlannedService service : changed.services()) {
            final List<ServerState> servers = new ArrayList<>();
            for (final PlannedServer server : service.servers()) {
                servers.add(server(service, server, before, serversBefore, nowMs));
            }
            states.add(new ServiceState(service, servers));
        }
        services = List.copyOf(states);
    }

    private static Address address(PlannedService service, PlannedServer server) {
        return new Address(
                service.spec().key(), server.spec().address(), server.spec().port());
    }

    private ServerState server(
            PlannedService service,
            PlannedServer server,
            Map<String, ServerState.MemberState> before,
            Map<Address, ServerState> serversBefore,
            long nowMs) {
        final List<ServerState.MemberState> states = new ArrayList<>();
        for (final PlannedServer.Member member : server.members()) {
            final ServerState.MemberState state =
                    new ServerState.MemberState(id(service, server, member), member, nowMs);
            final ServerState.MemberState same = before.get(state.id());
            if (same != null && same.check().equals(state.check())) {
                state.carryOver(same);
            }
            states.add(state);
            members.put(state.id(), state);
        }
        final ServerState state = new ServerState(server, states);
        final ServerState same = serversBefore.get(address(service, server));
        if (same != null && same.planned().spec().weight() == server.spec().weight()) {
            state.weight().adopt(same.weight().current());
        }
        states.forEach(member -> byCheck.put(member.id(), state));
        return state;
    }

    /** Says which service, server and block a check belongs to, so that names need not be unique. */
    private static String id(PlannedService service, PlannedServer server, PlannedServer.Member member) {
        return member.label()
                + '@'
                + service.spec().key()
                + server.spec().address()
                + ':'
                + server.spec().port();
    }

    TablePlan plan() {
        return plan;
    }

    List<ServiceState> services() {
        return services;
    }

    /** All checks by their ids. */
    Map<String, CheckSpec> checks() {
        final Map<String, CheckSpec> checks = new LinkedHashMap<>();
        for (final ServiceState service : services) {
            for (final ServerState server : service.servers()) {
                server.members().forEach(member -> checks.put(member.id(), member.check()));
            }
        }
        return checks;
    }

    Optional<ServerState.MemberState> member(String checkId) {
        return Optional.ofNullable(members.get(checkId));
    }

    Optional<ServerState> server(String checkId) {
        return Optional.ofNullable(byCheck.get(checkId));
    }

    /**
     * The table as it should be now. A server that has not been checked yet is left as it is: neither added nor
     * removed.
     *
     * @param image what the dataplane holds
     */
    DesiredTable desired(TableImage image, Optional<String> rules) {
        final List<DesiredService> desired = new ArrayList<>();
        for (final ServiceState service : services) {
            final List<ServerSpec> servers = new ArrayList<>();
            boolean anyUsable = false;
            for (final ServerState server : service.servers()) {
                final ServerSpec present = present(image, service.planned(), server.planned());
                final ServerSpec spec = desired(service.planned(), server, present);
                if (spec != null) {
                    servers.add(spec);
                }
                anyUsable |= server.state() != Health.State.DOWN;
            }
            if (!anyUsable) {
                service.planned().sorryServer().ifPresent(servers::add);
            }
            desired.add(new DesiredService(service.planned().spec(), servers));
        }
        return new DesiredTable(
                desired, plan.addresses(), plan.tcpTimeout(), plan.tcpFinTimeout(), plan.udpTimeout(), rules);
    }

    private static @Nullable ServerSpec desired(
            PlannedService service, ServerState server, @Nullable ServerSpec present) {
        final ServerSpec spec = server.planned().spec();
        return switch (server.state()) {
            case UP -> withWeight(spec, server.weight().current());
            case DOWN -> service.quiesce() && present != null ? withWeight(spec, 0) : null;
            case UNKNOWN -> present == null ? null : withWeight(spec, present.weight());
        };
    }

    /** The server as the dataplane has it, or null. */
    static @Nullable ServerSpec present(TableImage image, PlannedService service, PlannedServer server) {
        for (final ServiceImage candidate : image.services()) {
            if (candidate.spec().key().equals(service.spec().key())) {
                for (final ServerImage found : candidate.servers()) {
                    if (found.spec().address().equals(server.spec().address())
                            && found.spec().port() == server.spec().port()) {
                        return found.spec();
                    }
                }
            }
        }
        return null;
    }

    private static ServerSpec withWeight(ServerSpec spec, int weight) {
        return new ServerSpec(
                spec.address(),
                spec.port(),
                spec.method(),
                weight,
                spec.upperThreshold(),
                spec.lowerThreshold(),
                spec.tunnelType(),
                spec.tunnelPort(),
                spec.tunnelFlags());
    }
}
