// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.collections.IntHashSet;
import org.agrona.collections.Long2LongHashMap;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;
import org.ulvs.shim.Netlink;
import org.ulvs.shim.NetlinkListener;

/**
 * The host's interfaces, addresses, routes and neighbours, followed as they change, and published to the workers as
 * {@link HopTable}s. Keeps the neighbours alive that the dataplane uses: the kernel does not see our packets and would
 * let them die. Conductor only.
 */
final class HostNetwork implements AutoCloseable {
    private static final int IFF_UP = 1;
    private static final int TABLE_DEFAULT = 253;
    private static final int DEFAULT_MTU = 1500;
    /** A neighbour is asked for once in this time at most. */
    private static final long ASK_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);
    /** A wish that the kernel did not even note is forgotten after this time. */
    private static final long FORGET_NS = TimeUnit.SECONDS.toNanos(10);
    /** Routes are read again at most this often. */
    private static final long DUMP_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(50);

    /** Prefixes that no route decides about: this network, loopback, groups, reserved, broadcast. */
    private static final int[][] NEVER_FORWARDED = {{0, 8}, {0x7f00_0000, 8}, {0xe000_0000, 4}, {0xf000_0000, 4}};

    /** An interface of the host as it is now. */
    record Link(int index, String name, long mac, int mtu, boolean up) {}

    private static final class Neighbour {
        private final int port;
        private final int address;
        private long mac;
        private int state;
        private long askedNs;
        private boolean asked;

        Neighbour(int port, int address) {
            this.port = port;
            this.address = address;
        }

        boolean isUsable() {
            return mac != 0 && (state & Netlink.NUD_VALID) != 0;
        }
    }

    private final Netlink netlink = new Netlink();
    private final List<Port> ports;
    private final NeighbourRequests requests;
    private final PublishedNextHops published;
    private final Runnable onChange;
    private final Int2ObjectHashMap<Link> links = new Int2ObjectHashMap<>();
    private final Int2ObjectHashMap<List<Integer>> addresses = new Int2ObjectHashMap<>();
    private final List<NetlinkListener.Route> routes = new ArrayList<>();
    private final Long2ObjectHashMap<Neighbour> neighbours = new Long2ObjectHashMap<>();
    private final Set<String> interrupted = new HashSet<>();
    private final Set<String> recreated = new HashSet<>();
    private final IntHashSet keptResolved = new IntHashSet();
    private final NetlinkListener changes = new Changes();
    private final NeighbourRequests.Handler wishes = new Wishes();
    private HopTable table = HopTable.EMPTY;
    private boolean stale = true;
    private boolean neighboursChanged;
    private long dumpedNs;
    private long checkedNs;
    private long nowNs;

    /**
     * Reads the host's network.
     *
     * @param ports of the dataplane, by index
     * @param onChange is run when interfaces, addresses or routes have been read again
     */
    HostNetwork(
            List<Port> ports, NeighbourRequests requests, PublishedNextHops published, Runnable onChange, long nowNs) {
        this.ports = ports;
        this.requests = requests;
        this.published = published;
        this.onChange = onChange;
        this.nowNs = nowNs;
        this.checkedNs = nowNs;
        dumpAll();
    }

    /** The interface of a port as it is now, or null where there is none of its name. */
    @Nullable
    Link link(Port port) {
        for (final Link link : links.values()) {
            if (link.name().equals(port.name())) {
                return link;
            }
        }
        return null;
    }

    /** Whether the interface of a port was down or gone since the last call, if only for a moment. */
    boolean takeInterruption(Port port) {
        return interrupted.remove(port.name());
    }

    /** Whether the interface of a port was made anew since the last call. */
    boolean takeRecreation(Port port) {
        return recreated.remove(port.name());
    }

    /** Addresses that the host itself has. */
    IntHashSet hostAddresses() {
        final IntHashSet result = new IntHashSet();
        addresses.values().forEach(result::addAll);
        return result;
    }

    /** Whether an address that is not the host's lies in a network that is connected to a port. */
    boolean isOnLink(int address, Port port) {
        return table.neighbourKey(address) == NeighbourTable.key(port.index(), address);
    }

    /** Names of all interfaces of the host. */
    List<String> interfaceNames() {
        return links.values().stream().map(Link::name).sorted().toList();
    }

    /** The snapshot published last. */
    HopTable table() {
        return table;
    }

    /** Names the destinations (real servers) whose neighbours are kept resolved even without packets. */
    void keepResolved(int[] destinations) {
        keptResolved.clear();
        for (final int destination : destinations) {
            keptResolved.add(destination);
        }
        checkedNs = nowNs - ASK_INTERVAL_NS;
    }

    /** Whether one of the destinations that are kept resolved has this hardware address. */
    boolean isDestination(long mac) {
        return neighbours.values().stream()
                .anyMatch(neighbour -> neighbour.mac == mac && keptResolved.contains(neighbour.address));
    }

    /** Descriptor that becomes readable when the host's network changes. */
    int descriptor() {
        return netlink.descriptor();
    }

    /** Follows what changed, answers workers' wishes, keeps neighbours alive. */
    int doWork(long now) {
        nowNs = now;
        int work = netlink.poll(changes);
        if (work < 0) {
            dumpAll();
            work = 1;
        }
        if (stale && now - dumpedNs >= DUMP_INTERVAL_NS) {
            dumpAll();
        }
        work += requests.drain(wishes);
        if (neighboursChanged) {
            publish();
        }
        if (now - checkedNs >= ASK_INTERVAL_NS) {
            checkedNs = now;
            keepAlive();
        }
        return work;
    }

    private void dumpAll() {
        stale = false;
        dumpedNs = nowNs;
        links.clear();
        addresses.clear();
        routes.clear();
        neighbours.values().forEach(neighbour -> neighbour.state = 0);
        final NetlinkListener collector = new Collector();
        netlink.dump(Netlink.Kind.LINKS, collector);
        netlink.dump(Netlink.Kind.ADDRESSES, collector);
        netlink.dump(Netlink.Kind.ROUTES, collector);
        netlink.dump(Netlink.Kind.NEIGHBOURS, changes);
        neighbours.values().removeIf(neighbour -> neighbour.state == 0);
        publish();
        onChange.run();
        checkedNs = nowNs - ASK_INTERVAL_NS;
    }

    private int portOf(int interfaceIndex) {
        final Link link = links.get(interfaceIndex);
        if (link != null) {
            for (final Port port : ports) {
                if (port.name().equals(link.name())) {
                    return port.index();
                }
            }
        }
        return HopTable.OTHER_INTERFACE;
    }

    private void publish() {
        neighboursChanged = false;
        final Long2LongHashMap macs = new Long2LongHashMap(0);
        for (final Neighbour neighbour : neighbours.values()) {
            if (neighbour.isUsable()) {
                macs.put(NeighbourTable.key(neighbour.port, neighbour.address), neighbour.mac);
            }
        }
        final HopTable next = RouteCompiler.compile(ports, this, routes, new NeighbourTable(macs));
        // marks of use move on, or a neighbour that is used would look idle after each change of another
        for (final Neighbour neighbour : neighbours.values()) {
            if (table.neighbours().takeUse(neighbour.port, neighbour.address)) {
                final int slot = next.neighbours().find(neighbour.port, neighbour.address);
                if (slot != NeighbourTable.MISSING) {
                    next.neighbours().use(slot);
                }
            }
        }
        table = next;
        published.publish(next);
    }

    /** First address of a port, or 0. */
    int address(Port port) {
        final Link link = link(port);
        final List<Integer> list = link == null ? null : addresses.get(link.index());
        return list == null ? 0 : list.get(0);
    }

    int portOfRoute(NetlinkListener.Route route) {
        return portOf(route.interfaceIndex());
    }

    int mtu(NetlinkListener.Route route) {
        final Link link = links.get(route.interfaceIndex());
        return route.mtu() != 0 ? route.mtu() : link == null ? DEFAULT_MTU : link.mtu();
    }

    static boolean isWanted(NetlinkListener.Route route) {
        return route.table() == NetlinkListener.Route.MAIN
                || route.table() == NetlinkListener.Route.LOCAL
                || route.table() == TABLE_DEFAULT;
    }

    static void addReserved(PrefixMap.Builder local) {
        for (final int[] prefix : NEVER_FORWARDED) {
            local.put(prefix[0], prefix[1], 0);
        }
    }

    private void keepAlive() {
        neighbours.values().removeIf(neighbour -> neighbour.state == 0 && nowNs - neighbour.askedNs > FORGET_NS);
        for (final Neighbour neighbour : neighbours.values()) {
            if (table.neighbours().takeUse(neighbour.port, neighbour.address) && neighbour.state == Netlink.NUD_STALE) {
                ask(neighbour);
            }
        }
        for (final HopTable.Route route : table.routes()) {
            if (route.port() >= 0 && route.gateway() != 0) {
                refresh(NeighbourTable.key(route.port(), route.gateway()));
            }
        }
        final IntHashSet.IntIterator destinations = keptResolved.iterator();
        while (destinations.hasNext()) {
            refresh(table.neighbourKey(destinations.nextValue()));
        }
    }

    private void refresh(long key) {
        if (key == 0) {
            return;
        }
        final Neighbour neighbour = neighbour(NeighbourTable.port(key), (int) key);
        if (!neighbour.isUsable() || neighbour.state == Netlink.NUD_STALE) {
            ask(neighbour);
        }
    }

    private void ask(Neighbour neighbour) {
        final Link link = link(ports.get(neighbour.port));
        if (link != null && link.up() && (!neighbour.asked || nowNs - neighbour.askedNs >= ASK_INTERVAL_NS)) {
            neighbour.asked = true;
            neighbour.askedNs = nowNs;
            netlink.resolve(link.index(), neighbour.address);
        }
    }

    private Neighbour neighbour(int port, int address) {
        return neighbours.computeIfAbsent(NeighbourTable.key(port, address), key -> new Neighbour(port, address));
    }

    @Override
    public void close() {
        netlink.close();
    }

    /** Gathers a dump. */
    private final class Collector implements NetlinkListener {
        @Override
        public void onLink(int index, String name, long mac, int mtu, int flags, boolean removed) {
            links.put(index, new Link(index, name, mac, mtu, (flags & IFF_UP) != 0));
        }

        @Override
        public void onAddress(int interfaceIndex, int address, int prefixLength, int flags, boolean removed) {
            addresses
                    .computeIfAbsent(interfaceIndex, index -> new ArrayList<>())
                    .add(address);
        }

        @Override
        public void onRoute(Route route, boolean removed) {
            if (isWanted(route)) {
                routes.add(route);
            }
        }
    }

    /** Neighbours are followed one by one; any other change has everything read again. */
    private final class Changes implements NetlinkListener {
        @Override
        public void onLink(int index, String name, long mac, int mtu, int flags, boolean removed) {
            if (removed || (flags & IFF_UP) == 0) {
                interrupted.add(name);
            }
            if (removed) {
                recreated.add(name);
            }
            stale |= removed || !new Link(index, name, mac, mtu, (flags & IFF_UP) != 0).equals(links.get(index));
        }

        @Override
        public void onAddress(int interfaceIndex, int address, int prefixLength, int flags, boolean removed) {
            stale = true;
        }

        @Override
        public void onRoute(Route route, boolean removed) {
            stale |= isWanted(route);
        }

        @Override
        public void onNeighbour(int interfaceIndex, int address, long mac, int state, boolean removed) {
            final int port = portOf(interfaceIndex);
            if (port < 0) {
                return;
            }
            if (removed) {
                neighboursChanged |= neighbours.remove(NeighbourTable.key(port, address)) != null;
                return;
            }
            final Neighbour neighbour = neighbour(port, address);
            final boolean wasUsable = neighbour.isUsable();
            final long before = neighbour.mac;
            neighbour.mac = mac;
            neighbour.state = state;
            neighboursChanged |= wasUsable != neighbour.isUsable() || before != mac;
        }
    }

    private final class Wishes implements NeighbourRequests.Handler {
        @Override
        public void onWanted(int port, int address) {
            ask(neighbour(port, address));
        }

        @Override
        public void onLearnt(int port, int address, long mac) {
            final Link link = link(ports.get(port));
            if (link == null || table.neighbourKey(address) != NeighbourTable.key(port, address)) {
                return;
            }
            final Neighbour known = neighbours.get(NeighbourTable.key(port, address));
            if (known == null || known.mac != mac || !known.isUsable()) {
                netlink.learn(link.index(), address, mac);
            }
        }
    }
}
