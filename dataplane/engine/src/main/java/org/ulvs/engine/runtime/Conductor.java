// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.agrona.ErrorHandler;
import org.agrona.collections.IntHashSet;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;
import org.ulvs.cnc.Errno;
import org.ulvs.cnc.HostAdmin;
import org.ulvs.cnc.InetAddr;
import org.ulvs.cnc.OwnedAddress;
import org.ulvs.rules.SourceNat;
import org.ulvs.shim.Shim;
import org.ulvs.shim.ShimException;

/**
 * Everything that is not a packet: commands, the host's network, the rings' coming and going, steering, the rules that
 * keep the host out, announcements. One thread; a test may step it by hand.
 */
final class Conductor implements Agent, HostAdmin {
    /** It may run on a worker's CPU, but takes little of it then: commands can wait better than a ring that fills. */
    private static final int NICE = 10;

    private static final int EADDRNOTAVAIL = 99;
    private static final int ENODEV = 19;
    /** Many changes in a row are taken together: each run of nft takes some milliseconds. */
    private static final long GUARD_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(50);
    /** After which what nft refused is tried again. */
    private static final long GUARD_RETRY_NS = TimeUnit.SECONDS.toNanos(1);

    /** When an address that is newly owned is announced, from the moment of the change. */
    private static final long[] ANNOUNCE_AFTER_NS = {
        0,
        TimeUnit.MILLISECONDS.toNanos(100),
        TimeUnit.MILLISECONDS.toNanos(400),
        TimeUnit.SECONDS.toNanos(1),
        TimeUnit.SECONDS.toNanos(3)
    };

    private record Due(int address, long timeNs) {}

    private final List<Port> ports;
    private final HostNetwork network;
    private final List<PortGroup> groups;
    private final OwnedAddressTable owned;
    private final HostGuard guard;
    private final Announcements announcements;
    private final Fencing fencing;
    private final Forwarding forwarding;
    private final Runnable onStop;
    private final ErrorHandler errors;
    private final NanoClock nanoClock;
    private final EpochClock epochClock;
    private final List<Due> announcing = new ArrayList<>();
    private List<TableFacts.Endpoint> shared = List.of();
    private int[] servers = {};
    private SteeringPlan steeredBy = SteeringPlan.EMPTY;
    private boolean changed = true;
    private boolean guardOutdated;
    private long guardDueNs;

    Conductor(
            DataplaneContext context,
            HostNetwork network,
            List<PortGroup> groups,
            OwnedAddressTable owned,
            HostGuard guard,
            Announcements announcements,
            Fencing fencing,
            Forwarding forwarding,
            Runnable onStop,
            ErrorHandler errors) {
        this.ports = context.ports();
        this.network = network;
        this.groups = groups;
        this.owned = owned;
        this.guard = guard;
        this.announcements = announcements;
        this.fencing = fencing;
        this.forwarding = forwarding;
        this.onStop = onStop;
        this.errors = errors;
        this.nanoClock = context.nanoClock();
        this.epochClock = context.epochClock();
        this.guardDueNs = nanoClock.nanoTime();
    }

    @Override
    public String roleName() {
        return "conductor";
    }

    /** Something of the host's network was read again. */
    void onNetworkChange() {
        changed = true;
    }

    /**
     * Commands have changed the table or our addresses. Their answers go out after this: who has his answer may rely on
     * frames being steered by what he changed, and on the guard unless it was renewed a moment before.
     */
    void onCommands() {
        readTable();
        adapt();
        renewGuard(nanoClock.nanoTime());
    }

    /**
     * Takes the place on the network: rules first, then rings.
     *
     * @throws HostGuard.GuardException if the rules cannot be set
     * @throws ShimException if a ring cannot be opened
     */
    void start() {
        readTable();
        ownVirtualAddresses();
        guard();
        steer(plan());
        for (final PortGroup group : groups) {
            final HostNetwork.Link link = network.link(group.port());
            if (link != null && link.up()) {
                group.open(link.index());
            }
        }
        // a frame that came in before the ring by which it leaves would be lost
        groups.forEach(PortGroup::listen);
    }

    @Override
    public void onStart() {
        Shim.check(Shim.calls().nice(NICE), "the conductor's nice value");
    }

    @Override
    public int doWork() {
        final long nowNs = nanoClock.nanoTime();
        final long nowMs = epochClock.time();
        int work = forwarding.doWork(nowNs, nowMs);
        work += fencing.doWork(nowNs, nowMs, this::isNoDirector, this::giveUp);
        work += network.doWork(nowNs);
        if (changed) {
            adapt();
            work++;
        }
        work += renewGuard(nowNs);
        for (final PortGroup group : groups) {
            final Port port = group.port();
            group.follow(network.link(port), network.takeInterruption(port), nowNs);
        }
        return work + announce(nowNs);
    }

    private void readTable() {
        final int[] nextServers = forwarding.facts().serverAddresses();
        if (!Arrays.equals(servers, nextServers)) {
            servers = nextServers;
            network.keepResolved(servers);
        }
    }

    /** Brings what depends on the table and on the host's addresses in line; the guard follows when it is due. */
    private void adapt() {
        changed = false;
        ownVirtualAddresses();
        guardOutdated = true;
        final SteeringPlan plan = plan();
        if (!plan.equals(steeredBy)) {
            steer(plan);
        }
    }

    private int renewGuard(long nowNs) {
        if (!guardOutdated || nowNs - guardDueNs < 0) {
            return 0;
        }
        try {
            if (guard()) {
                guardDueNs = nowNs + GUARD_INTERVAL_NS;
            }
            guardOutdated = false;
        } catch (final HostGuard.GuardException e) {
            guardDueNs = nowNs + GUARD_RETRY_NS;
            errors.onError(e);
        }
        return 1;
    }

    private void steer(SteeringPlan plan) {
        steeredBy = plan;
        groups.forEach(group -> group.steer(plan));
    }

    private SteeringPlan plan() {
        return new SteeringPlan(
                Arrays.stream(owned.all()).mapToObj(Steering.Prefix::host).toList(),
                forwarding.facts().insidePrefixes());
    }

    /**
     * A virtual address that the host has itself stays the host's: it answers ARP and has other traffic there. Only
     * what is for the services is kept from it.
     */
    private void ownVirtualAddresses() {
        final IntHashSet host = network.hostAddresses();
        final List<TableFacts.Endpoint> services = forwarding.facts().services();
        shared = services.stream()
                .filter(service -> host.contains(service.address()))
                .toList();
        owned.virtualAddresses(services.stream()
                .mapToInt(TableFacts.Endpoint::address)
                .filter(address -> !host.contains(address))
                .toArray());
        chooseSources();
    }

    /** Masqueraded connections get an address that is ours where there is one: the host does not use its ports. */
    private void chooseSources() {
        final int[] all = owned.all();
        owned.sources(ports.stream()
                .mapToInt(port -> Arrays.stream(all)
                        .filter(address -> owned.isAnsweredOn(address, port.index()) && network.isOnLink(address, port))
                        .findFirst()
                        .orElse(0))
                .toArray());
    }

    /** Ports of the host's addresses that source NAT uses. */
    private List<HostGuard.Ports> translatedPorts() {
        final IntHashSet host = network.hostAddresses();
        return forwarding.facts().sourceNats().stream()
                .flatMap(nat -> translatedAddresses(nat, host)
                        .mapToObj(address -> new HostGuard.Ports(address, nat.firstPort(), nat.lastPort())))
                .distinct()
                .toList();
    }

    private IntStream translatedAddresses(SourceNat nat, IntHashSet host) {
        if (nat.masquerade()) {
            return ports.stream()
                    .filter(port -> owned.sourceOn(port.index()) == 0)
                    .mapToInt(network::address)
                    .filter(address -> address != 0);
        }
        return host.stream()
                .mapToInt(Integer::intValue)
                .filter(address -> Integer.compareUnsigned(address, nat.lowAddress()) >= 0
                        && Integer.compareUnsigned(address, nat.highAddress()) <= 0)
                .sorted();
    }

    private List<String> presentInterfaces() {
        return ports.stream()
                .filter(port -> network.link(port) != null)
                .map(Port::name)
                .toList();
    }

    private boolean guard() {
        if (ports.isEmpty()) {
            return false;
        }
        // an interface that was made anew has lost its hook although its name is the same
        boolean anew = false;
        for (final Port port : ports) {
            anew |= network.takeRecreation(port);
        }
        final List<Integer> hidden = Arrays.stream(owned.all()).boxed().toList();
        return guard.keep(new HostGuard.Rules(presentInterfaces(), hidden, shared, translatedPorts()), anew);
    }

    private int announce(long nowNs) {
        int work = 0;
        for (int i = announcing.size() - 1; i >= 0; i--) {
            final Due due = announcing.get(i);
            if (nowNs - due.timeNs() >= 0) {
                announcing.remove(i);
                announceNow(due.address());
                work++;
            }
        }
        return work;
    }

    private void announceNow(int address) {
        for (final Port port : ports) {
            if (owned.isAnsweredOn(address, port.index()) && network.link(port) != null) {
                announcements.offer(port.index(), address);
            }
        }
    }

    private void announceRepeatedly(int address) {
        announcing.removeIf(due -> due.address() == address);
        final long nowNs = nanoClock.nanoTime();
        for (final long after : ANNOUNCE_AFTER_NS) {
            announcing.add(new Due(address, nowNs + after));
        }
    }

    @Override
    public int ownAddress(InetAddr address, String device) {
        if (address.family() != 4) {
            return Errno.EOPNOTSUPP;
        }
        if (device.equals(OwnedAddress.NOWHERE)) {
            giveUp(address.asV4());
            return Errno.OK;
        }
        final int errno = own(address.asV4(), device);
        if (errno == Errno.OK) {
            announceRepeatedly(address.asV4());
        }
        return errno;
    }

    /**
     * Owns what an earlier process owned, or what an option names, at the start. If a pulse looked after the earlier
     * process and none does now, the other director may have taken over: nothing is announced or taken back then.
     */
    void resume(OwnedAddress address) {
        final int number = address.address().asV4();
        if (!fencing.isAbandoned(epochClock.time()) || address.device().equals(OwnedAddress.NOWHERE)) {
            ownAddress(address.address(), address.device());
        } else if (!owned.named().containsKey(number)) {
            own(number, address.device());
        }
    }

    private int own(int address, String device) {
        int where = OwnedAddressTable.ANY_PORT;
        if (!device.isEmpty()) {
            where = ports.stream()
                    .filter(port -> port.name().equals(device))
                    .mapToInt(Port::index)
                    .findFirst()
                    .orElse(Integer.MAX_VALUE);
        }
        if (where == Integer.MAX_VALUE) {
            return ENODEV;
        }
        owned.own(address, where);
        onOwnedChange();
        return Errno.OK;
    }

    /** Our own ports, two of which may be in one network, and real servers, which may have virtual addresses too. */
    private boolean isNoDirector(long mac) {
        return network.isDestination(mac)
                || ports.stream().map(network::link).anyMatch(link -> link != null && link.mac() == mac);
    }

    /** Answers no more for an address of which somebody else says that it is his. */
    private void giveUp(int address) {
        announcing.removeIf(due -> due.address() == address);
        owned.own(address, OwnedAddressTable.NO_PORT);
        onOwnedChange();
    }

    private void onOwnedChange() {
        changed = true;
        final List<OwnedAddress> addresses = new ArrayList<>();
        owned.named().forEach((address, port) -> addresses.add(new OwnedAddress(InetAddr.v4(address), deviceOf(port))));
        forwarding.onOwnedAddresses(addresses);
    }

    private String deviceOf(int port) {
        return switch (port) {
            case OwnedAddressTable.ANY_PORT -> "";
            case OwnedAddressTable.NO_PORT -> OwnedAddress.NOWHERE;
            default -> ports.get(port).name();
        };
    }

    /** Whether an address is the host's own, or one that the dataplane answers for by name. */
    boolean isHostAddress(InetAddr address) {
        return address.family() == 4
                && (network.hostAddresses().contains(address.asV4())
                        || owned.named().containsKey(address.asV4()));
    }

    @Override
    public int disownAddress(InetAddr address) {
        announcing.removeIf(due -> due.address() == address.asV4());
        final boolean was = owned.disown(address.asV4());
        onOwnedChange();
        return was ? Errno.OK : EADDRNOTAVAIL;
    }

    @Override
    public int announceAddress(InetAddr address) {
        if (!owned.contains(address.asV4())) {
            return EADDRNOTAVAIL;
        }
        announceRepeatedly(address.asV4());
        return Errno.OK;
    }

    @Override
    public int stop() {
        onStop.run();
        return Errno.OK;
    }

    @Override
    public void onClose() {
        groups.forEach(PortGroup::close);
        if (!ports.isEmpty()) {
            try {
                guard.remove();
            } catch (final HostGuard.GuardException e) {
                errors.onError(e);
            }
        }
        network.close();
    }
}
