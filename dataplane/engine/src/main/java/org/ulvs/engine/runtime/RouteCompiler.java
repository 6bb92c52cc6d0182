// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ulvs.shim.NetlinkListener;

/** Turns the host's routes into a {@link HopTable}. */
final class RouteCompiler {
    private RouteCompiler() {}

    static HopTable compile(
            List<Port> ports, HostNetwork network, List<NetlinkListener.Route> routes, NeighbourTable neighbours) {
        final HopTable.PortFacts[] facts = new HopTable.PortFacts[ports.size()];
        for (final Port port : ports) {
            final HostNetwork.Link link = network.link(port);
            facts[port.index()] =
                    new HopTable.PortFacts(link == null ? 0 : link.mac(), network.address(port), port.inside());
        }
        final PrefixMap.Builder local = new PrefixMap.Builder();
        HostNetwork.addReserved(local);
        final PrefixMap.Builder main = new PrefixMap.Builder();
        // prefixes that lead the same way share a number, however many there are
        final Map<HopTable.Route, Integer> compiled = new LinkedHashMap<>();
        // of equal prefixes the last one put stays: the main table before the default one, the lowest metric
        final List<NetlinkListener.Route> ordered = new ArrayList<>(routes);
        ordered.sort(Comparator.comparingInt(NetlinkListener.Route::table)
                .thenComparing(NetlinkListener.Route::priority, (a, b) -> Integer.compareUnsigned(b, a)));
        for (final NetlinkListener.Route route : ordered) {
            if (route.table() == NetlinkListener.Route.LOCAL) {
                local.put(route.destination(), route.prefixLength(), 0);
            } else {
                final int next = compiled.size();
                final Integer known = compiled.putIfAbsent(compile(network, facts, route), next);
                main.put(route.destination(), route.prefixLength(), known == null ? next : known);
            }
        }
        return new HopTable(
                local.build(), main.build(), compiled.keySet().toArray(new HopTable.Route[0]), facts, neighbours);
    }

    private static HopTable.Route compile(
            HostNetwork network, HopTable.PortFacts[] facts, NetlinkListener.Route route) {
        if (route.type() != NetlinkListener.Route.UNICAST || route.interfaceIndex() == 0) {
            return new HopTable.Route(HopTable.UNREACHABLE, 0, 0, 0);
        }
        final int port = network.portOfRoute(route);
        final int source = route.source() != 0 ? route.source() : port >= 0 ? facts[port].address() : 0;
        return new HopTable.Route(port, route.gateway(), source, network.mtu(route));
    }
}
