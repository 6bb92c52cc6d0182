// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.table;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.ulvs.cnc.Errno;
import org.ulvs.cnc.InetAddr;
import org.ulvs.cnc.RemovedServer;
import org.ulvs.cnc.ServerImage;
import org.ulvs.cnc.ServerRecords;
import org.ulvs.cnc.ServerSpec;
import org.ulvs.cnc.ServiceImage;
import org.ulvs.cnc.ServiceKey;
import org.ulvs.cnc.ServiceSpec;
import org.ulvs.schedulers.Scheduler;
import org.ulvs.schedulers.SchedulerProvider;
import org.ulvs.schedulers.Schedulers;

/**
 * Edits the services and real servers of a director with the kernel's rules and errors, and publishes each change to
 * the workers. Conductor only.
 */
public final class TableEditor {
    /** Time without connections after which a deleted server is forgotten and can be revived no more: 120 s. */
    private static final long TRASH_NS = 120_000_000_000L;

    private record TrashKey(ServiceKey service, InetAddr address, int port) {}

    /** A deleted server; idle since the last connection or template went. */
    private static final class Trash {
        private final RealServer server;
        private final @Nullable VirtualService service;
        private long idleSinceNs;

        Trash(RealServer server, @Nullable VirtualService service, long nowNs) {
            this.server = server;
            this.service = service;
            this.idleSinceNs = nowNs;
        }
    }

    /** GRE, the last type of tunnel. */
    private static final int MAX_TUNNEL_TYPE = 2;

    private final Director director;
    private final ServerRecords records;
    private final Predicate<InetAddr> isLocal;
    private final Map<ServiceKey, VirtualService> services = new LinkedHashMap<>();
    private final Map<TrashKey, Trash> trash = new LinkedHashMap<>();
    private long forgottenByRemoved;
    private final long[] removedTotals = new long[ServerRecords.FIGURES];
    private long nowNs;

    /**
     * An editor over an empty table.
     *
     * @param director that is edited
     * @param isLocal whether an address is the director's own: such a server is refused
     */
    public TableEditor(Director director, Predicate<InetAddr> isLocal) {
        this.director = director;
        this.records = director.records();
        this.isLocal = isLocal;
    }

    /** The services in the order in which they were added. */
    public List<VirtualService> services() {
        return List.copyOf(services.values());
    }

    /** The service of a key, or null. */
    @Nullable
    VirtualService service(ServiceKey key) {
        return services.get(key);
    }

    /** Whether so many records are free, counting those that a replacement of the whole table would free. */
    boolean hasRoomFor(int slots) {
        return slots <= records.slots();
    }

    /** Deleted servers that connections may still point to. */
    List<RemovedServer> removed() {
        final List<RemovedServer> removed = new ArrayList<>();
        trash.forEach((key, entry) ->
                removed.add(new RemovedServer(key.service, new ServerImage(entry.server.spec(), entry.server.slot()))));
        return removed;
    }

    /** Makes an empty table what it was, with the same record slots; statistics are in the records already. */
    void adopt(List<ServiceImage> images, List<RemovedServer> removed) {
        for (int i = images.size() - 1; i >= 0; i--) {
            adopt(images.get(i));
        }
        for (final RemovedServer image : removed) {
            final RealServer server = adopt(image.server());
            records.changeFlags(server.slot(), 0, ServerRecords.AVAILABLE);
            trash.put(
                    new TrashKey(image.service(), server.spec().address(), server.port()),
                    new Trash(server, services.get(image.service()), nowNs));
        }
        publishServices();
    }

    private void adopt(ServiceImage image) {
        final SchedulerProvider provider = Schedulers.byName(image.spec().scheduler());
        if (provider == null) {
            throw new IllegalStateException(
                    "the table names an unknown scheduler: " + image.spec().scheduler());
        }
        director.slots().adopt(image.slot());
        final List<RealServer> servers = new ArrayList<>();
        for (final ServerImage server : image.servers()) {
            servers.add(adopt(server));
        }
        final Scheduler scheduler = create(provider, image.spec(), servers);
        final VirtualService service = new VirtualService(
                image.spec().key(), image.slot(), new VirtualService.Config(image.spec(), servers, scheduler));
        apply(service, image.spec(), servers, scheduler);
        services.put(image.spec().key(), service);
    }

    private RealServer adopt(ServerImage image) {
        final ServerSpec spec = image.spec();
        final int slot = image.slot();
        director.slots().adopt(slot);
        final RealServer server = new RealServer(slot, spec);
        director.slots().server(slot, server);
        records.weight(slot, spec.weight());
        if (records.lastWeight(slot) == 0 || spec.weight() != 0) {
            records.lastWeight(slot, spec.weight());
        }
        records.thresholds(slot, spec.upperThreshold(), spec.lowerThreshold());
        records.changeFlags(slot, ServerRecords.AVAILABLE, 0);
        return server;
    }

    /** ipvsadm -A. */
    public int addService(ServiceSpec spec) {
        final SchedulerProvider provider = Schedulers.byName(spec.scheduler());
        final int error = check(spec);
        if (error != Errno.OK || provider == null) {
            return error;
        }
        if (services.containsKey(spec.key())) {
            return Errno.EEXIST;
        }
        final int slot = director.slots().take();
        if (slot < 0) {
            return Errno.ENOMEM;
        }
        final Scheduler scheduler = create(provider, spec, List.of());
        services.put(
                spec.key(),
                new VirtualService(spec.key(), slot, new VirtualService.Config(spec, List.of(), scheduler)));
        publishServices();
        return Errno.OK;
    }

    /** Whether a service could be added or edited so: EINVAL, ENOENT for its scheduler. */
    int check(ServiceSpec spec) {
        if (Schedulers.byName(spec.scheduler()) == null) {
            return Errno.ENOENT;
        }
        final ServiceKey key = spec.key();
        // as the kernel: any address may be virtual
        final boolean validKey =
                key.mark() != 0 || key.protocol() == 6 || key.protocol() == 17 || key.protocol() == 132;
        final boolean validNetmask = key.address().family() == 4 || (spec.netmask() >= 1 && spec.netmask() <= 128);
        final boolean persistent = (spec.flags() & ServiceSpec.PERSISTENT) != 0;
        final boolean validPersistence =
                !persistent || (spec.persistentTimeout() >= 1 && spec.persistentTimeout() <= Timeouts.MAX_SECONDS);
        return validKey && validNetmask && validPersistence ? Errno.OK : Errno.EINVAL;
    }

    private static boolean isUnicast(InetAddr address) {
        if (address.family() != 4) {
            return (address.high() >>> 56) != 0xFF && (address.high() != 0 || address.low() != 0);
        }
        final int first = address.asV4() >>> 24;
        return first != 0 && first < 224;
    }

    private Scheduler create(SchedulerProvider provider, ServiceSpec spec, List<RealServer> servers) {
        return provider.create(
                new RecordPool(records, servers), spec.flags() & ServiceSpec.SCHEDULER_FLAGS, director.tunables());
    }

    private void publishServices() {
        director.services(new ServiceTable(services.values()));
    }

    /** ipvsadm -E. */
    public int editService(ServiceSpec spec) {
        final VirtualService service = services.get(spec.key());
        if (service == null) {
            return Errno.ESRCH;
        }
        final SchedulerProvider provider = Schedulers.byName(spec.scheduler());
        final int error = check(spec);
        if (error != Errno.OK || provider == null) {
            return error;
        }
        final VirtualService.Config before = service.config();
        final boolean sameScheduler = before.spec().scheduler().equals(spec.scheduler());
        if (sameScheduler) {
            before.scheduler().flagsChanged(spec.flags() & ServiceSpec.SCHEDULER_FLAGS);
        }
        if (!sameScheduler) {
            forgottenByRemoved += before.scheduler().overflows();
        }
        final Scheduler scheduler = sameScheduler ? before.scheduler() : create(provider, spec, before.servers());
        apply(service, spec, before.servers(), scheduler);
        return Errno.OK;
    }

    private static void apply(VirtualService service, ServiceSpec spec, List<RealServer> servers, Scheduler scheduler) {
        for (int position = 0; position < servers.size(); position++) {
            servers.get(position).membership(new RealServer.Membership(service, scheduler, position));
        }
        service.config(new VirtualService.Config(spec, List.copyOf(servers), scheduler));
    }

    /** ipvsadm -D. */
    public int deleteService(ServiceKey key) {
        final VirtualService service = services.remove(key);
        if (service == null) {
            return Errno.ESRCH;
        }
        forgottenByRemoved += service.config().scheduler().overflows();
        final List<RealServer> servers = service.config().servers();
        service.config(new VirtualService.Config(service.config().spec(), List.of(), create(service, List.of(), -1)));
        for (final RealServer server : servers) {
            retire(service, server);
        }
        for (int figure = 0; figure < ServerRecords.FIGURES; figure++) {
            removedTotals[figure] += total(service, figure);
        }
        publishServices();
        director.slots().giveBack(service.slot());
        return Errno.OK;
    }

    private Scheduler create(VirtualService service, List<RealServer> servers, int removedId) {
        return service.config().scheduler().poolChanged(new RecordPool(records, servers), removedId);
    }

    /** ipvsadm -a. */
    public int addServer(ServiceKey key, ServerSpec spec) {
        final VirtualService service = services.get(key);
        if (service == null) {
            return Errno.ESRCH;
        }
        final int error = check(spec);
        if (error != Errno.OK) {
            return error;
        }
        if (find(service, spec.address(), spec.port()) != null) {
            return Errno.EEXIST;
        }
        final Trash revived = trash.remove(new TrashKey(key, spec.address(), spec.port()));
        final RealServer server = revived == null ? create(spec) : revive(service, revived, spec);
        if (server == null) {
            return Errno.ENOMEM;
        }
        records.weight(server.slot(), spec.weight());
        records.lastWeight(server.slot(), spec.weight());
        records.thresholds(server.slot(), spec.upperThreshold(), spec.lowerThreshold());
        records.changeFlags(server.slot(), ServerRecords.AVAILABLE, 0);
        final List<RealServer> servers = new ArrayList<>();
        servers.add(server);
        servers.addAll(service.config().servers());
        apply(service, service.config().spec(), servers, create(service, servers, -1));
        return Errno.OK;
    }

    /** Whether a server could be added or edited so: ERANGE, EINVAL, EOPNOTSUPP for the director itself. */
    int check(ServerSpec spec) {
        if (spec.weight() < 0
                || spec.upperThreshold() < 0
                || spec.lowerThreshold() < 0
                || spec.lowerThreshold() > spec.upperThreshold()) {
            return Errno.ERANGE;
        }
        if (!isUnicast(spec.address()) || spec.tunnelType() < 0 || spec.tunnelType() > MAX_TUNNEL_TYPE) {
            return Errno.EINVAL;
        }
        return isLocal.test(spec.address()) ? Errno.EOPNOTSUPP : Errno.OK;
    }

    private @Nullable RealServer create(ServerSpec spec) {
        final int slot = director.slots().take();
        if (slot < 0) {
            return null;
        }
        final RealServer server = new RealServer(slot, spec);
        director.slots().server(slot, server);
        return server;
    }

    private RealServer revive(VirtualService service, Trash revived, ServerSpec spec) {
        final RealServer server = revived.server;
        final int slot = server.slot();
        for (int figure = 0; figure < ServerRecords.FIGURES; figure++) {
            final long total = records.total(slot, figure);
            if (revived.service == service) {
                records.fold(service.slot(), figure, -total);
            } else {
                records.zeroBase(slot, figure, total);
                records.fold(service.slot(), figure, -total);
            }
        }
        clearOverloadOnEdit(slot, spec);
        server.spec(spec);
        return server;
    }

    private void clearOverloadOnEdit(int slot, ServerSpec spec) {
        if (spec.upperThreshold() == 0 || spec.upperThreshold() > records.upperThreshold(slot)) {
            ServerLoad.clearOverload(records, slot);
        }
    }

    private static @Nullable RealServer find(VirtualService service, InetAddr address, int port) {
        for (final RealServer server : service.config().servers()) {
            if (server.port() == port && server.spec().address().equals(address)) {
                return server;
            }
        }
        return null;
    }

    /** ipvsadm -e. */
    public int editServer(ServiceKey key, ServerSpec spec) {
        final VirtualService service = services.get(key);
        if (service == null) {
            return Errno.ESRCH;
        }
        final int error = check(spec);
        if (error != Errno.OK) {
            return error;
        }
        final RealServer server = find(service, spec.address(), spec.port());
        if (server == null) {
            return Errno.ENOENT;
        }
        clearOverloadOnEdit(server.slot(), spec);
        records.weight(server.slot(), spec.weight());
        if (spec.weight() != 0) {
            records.lastWeight(server.slot(), spec.weight());
        }
        records.thresholds(server.slot(), spec.upperThreshold(), spec.lowerThreshold());
        server.spec(spec);
        final RealServer.Membership membership = server.membership();
        if (membership != null) {
            membership.scheduler().weightChanged(membership.position());
        }
        return Errno.OK;
    }

    /** ipvsadm -d. */
    public int deleteServer(ServiceKey key, InetAddr address, int port) {
        final VirtualService service = services.get(key);
        if (service == null) {
            return Errno.ESRCH;
        }
        final RealServer server = find(service, address, port);
        if (server == null) {
            return Errno.ENOENT;
        }
        final List<RealServer> servers = new ArrayList<>(service.config().servers());
        servers.remove(server);
        apply(service, service.config().spec(), servers, create(service, servers, server.slot()));
        retire(service, server);
        return Errno.OK;
    }

    private void retire(VirtualService service, RealServer server) {
        records.changeFlags(server.slot(), 0, ServerRecords.AVAILABLE);
        server.membership(null);
        for (int figure = 0; figure < ServerRecords.FIGURES; figure++) {
            records.fold(service.slot(), figure, records.total(server.slot(), figure));
        }
        trash.put(
                new TrashKey(service.key(), server.spec().address(), server.port()), new Trash(server, service, nowNs));
        if (director.tunables().isOn(Tunables.Tunable.EXPIRE_NODEST_CONN)) {
            director.requestSweep();
        }
    }

    /** ipvsadm -C. */
    public int flush() {
        for (final ServiceKey key : List.copyOf(services.keySet())) {
            deleteService(key);
        }
        return Errno.OK;
    }

    /** ipvsadm -Z. */
    public int zero(@Nullable ServiceKey key) {
        if (key == null) {
            services.values().forEach(this::zero);
            return Errno.OK;
        }
        final VirtualService service = services.get(key);
        if (service == null) {
            return Errno.ESRCH;
        }
        zero(service);
        return Errno.OK;
    }

    private void zero(VirtualService service) {
        for (int figure = 0; figure < ServerRecords.FIGURES; figure++) {
            records.zeroBase(service.slot(), figure, total(service, figure));
            records.average(service.slot(), figure, 0);
            for (final RealServer server : service.config().servers()) {
                records.zeroBase(server.slot(), figure, records.total(server.slot(), figure));
                records.average(server.slot(), figure, 0);
            }
        }
    }

    /** A figure of all services since the start, of those that are gone too; never zeroed. */
    public long total(int figure) {
        long total = removedTotals[figure];
        for (final VirtualService service : services.values()) {
            total += total(service, figure);
        }
        return total;
    }

    /** A figure of a service since it was added, of its deleted servers too; not zeroed. */
    public long total(VirtualService service, int figure) {
        long total = records.folded(service.slot(), figure);
        for (final RealServer server : service.config().servers()) {
            total += records.total(server.slot(), figure);
        }
        return total;
    }

    /** Choices that schedulers could not remember ({@link Scheduler#overflows()}), by services that are gone too. */
    public long choicesForgotten() {
        long total = forgottenByRemoved;
        for (final VirtualService service : services.values()) {
            total += service.config().scheduler().overflows();
        }
        return total;
    }

    /** ipvsadm --set. */
    public int setTimeouts(int tcpSeconds, int tcpFinSeconds, int udpSeconds) {
        final int max = Timeouts.MAX_SECONDS;
        if (tcpSeconds < 0
                || tcpFinSeconds < 0
                || udpSeconds < 0
                || tcpSeconds > max
                || tcpFinSeconds > max
                || udpSeconds > max) {
            return Errno.EINVAL;
        }
        director.timeouts(director.timeouts().with(tcpSeconds, tcpFinSeconds, udpSeconds));
        return Errno.OK;
    }

    /** Housekeeping of schedulers and of deleted servers, about once a second. */
    public void tick(long nowNs) {
        this.nowNs = nowNs;
        final long nowMillis = nowNs / 1_000_000;
        services.values().forEach(service -> service.config().scheduler().tick(nowMillis));
        trash.values().removeIf(this::isForgotten);
    }

    private boolean isForgotten(Trash entry) {
        final int slot = entry.server.slot();
        if (records.references(slot) != 0) {
            entry.idleSinceNs = nowNs;
            return false;
        }
        if (nowNs - entry.idleSinceNs < TRASH_NS) {
            return false;
        }
        director.slots().giveBack(slot);
        return true;
    }
}
