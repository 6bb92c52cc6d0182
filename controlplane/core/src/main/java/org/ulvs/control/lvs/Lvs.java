// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvs;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.ulvs.cnc.DataplaneException;
import org.ulvs.cnc.Errno;
import org.ulvs.cnc.InetAddr;
import org.ulvs.cnc.OwnedAddress;
import org.ulvs.cnc.SyncDaemonSpec;
import org.ulvs.cnc.TableImage;
import org.ulvs.control.check.CheckEngine;
import org.ulvs.control.check.CheckListener;
import org.ulvs.control.check.CheckOutcome;
import org.ulvs.control.check.CheckSpec;
import org.ulvs.control.check.Health;
import org.ulvs.control.check.LoadMonitor;
import org.ulvs.control.check.ProgramResult;
import org.ulvs.control.check.ProgramRunner;
import org.ulvs.control.journal.ChangeJournal;
import org.ulvs.control.journal.JournalEntry.Kind;
import org.ulvs.control.lvscf.Configuration;
import org.ulvs.control.lvscf.GlobalKeys;
import org.ulvs.control.lvscf.Section;
import org.ulvs.control.lvscf.VirtualKeys;
import org.ulvs.control.table.DesiredTable;
import org.ulvs.control.table.Director;
import org.ulvs.control.table.IpvsadmText;
import org.ulvs.control.table.Reconciler;
import org.ulvs.control.table.TableCommand;
import org.ulvs.control.table.TablePlan;

/**
 * Keeps services, servers and addresses in the dataplane as lvs.cf and the checks ask for. One thread runs {@link
 * #run}; the other methods may be called by any thread and only leave word for it.
 */
public final class Lvs implements Workload, CheckListener {
    private static final Logger LOG = LoggerFactory.getLogger("lvs");
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long RECONCILE_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long WEIGHT_TICK_NS = TimeUnit.SECONDS.toNanos(20);
    private static final Duration LOAD_TIMEOUT = Duration.ofSeconds(10);

    private final Director director;
    private final LvsEvents events;
    private final ChangeJournal journal;
    private final ProgramRunner programs;
    private final NanoClock clock;
    private final EpochClock epochClock;
    private final CheckEngine engine;
    private final OwnedState owned;
    private final ServerPool pool = new ServerPool();
    private final Announcer announcer = new Announcer();
    private final BlockingQueue<Runnable> inbox = new LinkedBlockingQueue<>();

    private @Nullable Configuration configuration;
    private Optional<String> rules = Optional.empty();
    private @Nullable String appliedRules;
    private String rulesInImage = "";
    private boolean active;
    /** Whether it has been told to serve or not: before, the table is left as it is found. */
    private boolean decided;

    private boolean dirty;
    /** Whether the last look at the table found anything to do. */
    private boolean changed;

    private @Nullable Boolean alive;
    private @Nullable Runnable whenReconciled;
    private long nextLookNs;
    private long nextReconcileNs;
    private long nextWeightTickNs;
    private volatile boolean running = true;
    private volatile LvsStatus status = LvsStatus.NONE;

    /**
     * A role without configuration.
     *
     * @param stateFile remembers what was made, null for not at all
     */
    public Lvs(
            Director director,
            LvsEvents events,
            ChangeJournal journal,
            ProgramRunner programs,
            NanoClock clock,
            EpochClock epochClock,
            @Nullable Path stateFile)
            throws IOException {
        this.director = director;
        this.events = events;
        this.journal = journal;
        this.programs = programs;
        this.clock = clock;
        this.epochClock = epochClock;
        this.engine = new CheckEngine(clock, this, programs);
        this.owned = new OwnedState(stateFile);
        this.nextLookNs = clock.nanoTime();
        this.nextReconcileNs = clock.nanoTime();
        this.nextWeightTickNs = clock.nanoTime() + WEIGHT_TICK_NS;
    }

    @Override
    public LvsStatus status() {
        return status;
    }

    @Override
    public boolean serves(Configuration candidate) {
        if (!director.connect()) {
            return false;
        }
        final List<InetAddr> wanted = TablePlan.of(candidate).addresses().stream()
                .map(OwnedAddress::address)
                .toList();
        return director.image().addresses().stream()
                .anyMatch(owned ->
                        wanted.contains(owned.address()) && !owned.device().equals(OwnedAddress.NOWHERE));
    }

    @Override
    public void configure(Configuration changed, Optional<String> markRules) {
        inbox.add(() -> {
            final Section global = changed.global();
            configuration = changed;
            rules = markRules;
            director.patience(global.value(GlobalKeys.DATAPLANE_TIMEOUT));
            pool.plan(TablePlan.of(changed), epochClock.time());
            announcer.settings(
                    global.value(GlobalKeys.ARP_REPEAT).intValue(),
                    global.value(GlobalKeys.ARP_INTERVAL).toNanos(),
                    global.value(GlobalKeys.ARP_REFRESH).toNanos());
            updateChecks();
            dirty = true;
        });
    }

    @Override
    public void activate() {
        inbox.add(() -> serve(true));
    }

    @Override
    public void adopt() {
        inbox.add(() -> serve(false));
    }

    private void serve(boolean announced) {
        active = true;
        decided = true;
        whenReconciled = () -> {
            if (announced || changed) {
                announcer.begin(clock.nanoTime());
            } else {
                announcer.refreshLater(clock.nanoTime());
            }
            events.onActivated();
        };
        updateChecks();
        if (announced) {
            for (final ServiceState service : pool.services()) {
                LOG.info(
                        "starting virtual service {} active: {}",
                        service.planned().name(),
                        key(service));
            }
        }
        dirty = true;
    }

    @Override
    public void deactivate() {
        inbox.add(() -> {
            if (active) {
                pool.services()
                        .forEach(service -> LOG.info(
                                "shutting down virtual service {}",
                                service.planned().name()));
            }
            active = false;
            decided = true;
            announcer.end();
            whenReconciled = events::onDeactivated;
            updateChecks();
            dirty = true;
        });
    }

    @Override
    public void announceAgain() {
        inbox.add(() -> {
            announcer.begin(clock.nanoTime());
            // what the dataplane has given up meanwhile is to be owned again first
            dirty = true;
        });
    }

    /** All checks by their ids. For the thread of {@link #run}. */
    Map<String, CheckSpec> checks() {
        return pool.checks();
    }

    private void updateChecks() {
        final Configuration current = configuration;
        final boolean wanted = current != null && (active || current.global().value(GlobalKeys.STANDBY_CHECKS));
        engine.update(wanted ? pool.checks() : Map.of());
    }

    @Override
    public void onOutcome(String id, CheckSpec spec, CheckOutcome outcome) {
        inbox.add(() -> outcome(id, outcome));
    }

    private void outcome(String id, CheckOutcome outcome) {
        final Optional<ServerState.MemberState> member = pool.member(id);
        final Optional<ServerState> server = pool.server(id);
        if (member.isEmpty() || server.isEmpty()) {
            return;
        }
        final Health.State before = server.get().state();
        final boolean changed = member.get().onOutcome(outcome, epochClock.time());
        if (!changed) {
            return;
        }
        final String label = member.get().member().label();
        journal.append(Kind.CHECK, label, (outcome.up() ? "up: " : "down: ") + outcome.reason());
        final Health.State after = server.get().state();
        final String address = IpvsadmText.address(server.get().planned().spec().address())
                + ':'
                + member.get().check().target().getPort();
        if (active && outcome.up()) {
            LOG.info("[ active ] making {} available ({})", address, label);
        } else if (active) {
            LOG.warn(
                    "[inactive] shutting down {} due to connection failure ({}: {})", address, label, outcome.reason());
        } else {
            LOG.info("standing by: {} is {} ({}: {})", address, outcome.up() ? "up" : "down", label, outcome.reason());
        }
        if (after == Health.State.UP && before != Health.State.UP) {
            admit(server.get(), before);
        }
        dirty = true;
    }

    private void admit(ServerState server, Health.State before) {
        if (!active) {
            return;
        }
        if (before == Health.State.UNKNOWN && director.connect()) {
            final TableImage image = director.image();
            for (final ServiceState service : pool.services()) {
                final var present = service.servers().contains(server)
                        ? ServerPool.present(image, service.planned(), server.planned())
                        : null;
                if (present != null && present.weight() > 0) {
                    server.weight().adopt(present.weight());
                    return;
                }
            }
        }
        server.weight().admit();
    }

    @Override
    public void run() {
        final Thread checks = new Thread(engine::run, "checks");
        checks.setDaemon(true);
        checks.start();
        while (running) {
            try {
                final Runnable task = inbox.poll(waitNs(), TimeUnit.NANOSECONDS);
                work(task);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        director.close();
    }

    /** How long nothing is due; at most until the dataplane is to be looked at. */
    long waitNs() {
        final long now = clock.nanoTime();
        // with a dead dataplane there is nothing to reconcile or announce, only to look for
        final long table = Boolean.TRUE.equals(alive) ? Math.min(nextReconcileNs, announcer.nextNs()) : Long.MAX_VALUE;
        return Math.max(0, Math.min(Math.min(table, nextWeightTickNs), nextLookNs) - now);
    }

    /** One round: what was left in the inbox, then what is due. */
    void work(@Nullable Runnable first) {
        for (Runnable task = first == null ? inbox.poll() : first; task != null; task = inbox.poll()) {
            try {
                task.run();
            } catch (DataplaneException e) {
                lookAtDataplane();
            }
        }
        final long now = clock.nanoTime();
        if (now >= nextWeightTickNs) {
            nextWeightTickNs = now + WEIGHT_TICK_NS;
            weightTick();
        }
        // outcomes of thousands of checks come more often than the dataplane is to be looked at
        if (dirty || now >= nextLookNs) {
            nextLookNs = now + LOOK_NS;
            lookAtDataplane();
        }
        if (Boolean.TRUE.equals(alive) && (dirty || now >= nextReconcileNs)) {
            reconcile();
        } else if (!Boolean.TRUE.equals(alive) && !active) {
            // a dead dataplane does not serve, which is all that is asked
            reconciled();
        }
        if (active && Boolean.TRUE.equals(alive) && announcer.due(now)) {
            announce(now);
        }
    }

    private void lookAtDataplane() {
        final boolean is = director.connect();
        if (is && configuration != null) {
            director.supervise(configuration.backup().isPresent());
        }
        if (alive == null || alive != is) {
            alive = is;
            dirty = true;
            appliedRules = null;
            if (!is) {
                LOG.error("the dataplane is not there: {}", director.failure());
            }
            journal.append(Kind.DATAPLANE, "dataplane", is ? "alive" : "dead: " + director.failure());
            events.onDataplane(is);
            publish();
        }
    }

    private void reconcile() {
        nextReconcileNs = clock.nanoTime() + RECONCILE_NS;
        if (configuration == null || !decided) {
            return;
        }
        try {
            final TableImage image = director.image();
            final DesiredTable desired = active ? pool.desired(image, rules) : DesiredTable.NOTHING;
            rememberOurs(desired);
            applyRules(image);
            final List<TableCommand> commands =
                    Reconciler.commands(desired, image, owned.services(), owned.addresses());
            director.run(commands, this::onResult);
            changed = !commands.isEmpty();
            forgetOthers(desired);
            dirty = false;
            // what was refused is tried again later; the rest serves meanwhile
            reconciled();
            publish();
        } catch (DataplaneException e) {
            LOG.error("the dataplane did not take the commands: {}", e.getMessage());
            director.close();
        }
    }

    private void reconciled() {
        final Runnable then = whenReconciled;
        whenReconciled = null;
        if (then != null) {
            syncDaemon();
            then.run();
        }
    }

    private void onResult(TableCommand command, int errno) {
        if (errno == Errno.OK) {
            LOG.debug("{}", command.describe());
            journal.append(Kind.TABLE, "dataplane", command.describe());
            return;
        }
        LOG.error("the dataplane refused \"{}\": errno {}", command.describe(), errno);
        journal.append(Kind.TABLE, "dataplane", "refused, errno " + errno + ": " + command.describe());
    }

    private void applyRules(TableImage image) {
        if (!active || rules.isEmpty()) {
            return;
        }
        if (rules.get().equals(appliedRules) && rulesInImage.equals(image.rules())) {
            return;
        }
        final var result = director.table().replaceRules(rules.get());
        if (result.errno() == Errno.OK) {
            journal.append(Kind.TABLE, "dataplane", "mark rules replaced");
            rulesInImage = director.image().rules();
        } else {
            LOG.error("the dataplane refused the mark rules: errno {} {}", result.errno(), result.detail());
        }
        appliedRules = rules.get();
    }

    private void rememberOurs(DesiredTable desired) {
        desired.services()
                .forEach(service -> owned.services().add(service.spec().key()));
        desired.addresses().forEach(address -> owned.addresses().add(address.address()));
        saveOwned();
    }

    private void forgetOthers(DesiredTable desired) {
        owned.services()
                .removeIf(key -> desired.services().stream()
                        .noneMatch(service -> service.spec().key().equals(key)));
        owned.addresses()
                .removeIf(address -> desired.addresses().stream()
                        .noneMatch(other -> other.address().equals(address)));
        saveOwned();
    }

    private void saveOwned() {
        try {
            owned.save();
        } catch (IOException e) {
            LOG.warn("cannot remember what was made: {}", e.getMessage());
        }
    }

    private void syncDaemon() {
        final Configuration current = configuration;
        if (current == null || !current.global().value(GlobalKeys.SYNCDAEMON)) {
            return;
        }
        final Section global = current.global();
        director.table().stopDaemon(SyncDaemonSpec.BACKUP);
        director.table().stopDaemon(SyncDaemonSpec.MASTER);
        final int errno = director.table()
                .startDaemon(new SyncDaemonSpec(
                        active ? SyncDaemonSpec.MASTER : SyncDaemonSpec.BACKUP,
                        global.value(GlobalKeys.SYNCD_IFACE),
                        (int) (global.value(GlobalKeys.SYNCD_ID) & 0xff),
                        0,
                        InetAddr.v4(0),
                        0,
                        0));
        if (errno != Errno.OK) {
            LOG.warn("the dataplane does not synchronise connections: errno {}", errno);
        }
    }

    private void announce(long now) {
        try {
            for (final OwnedAddress address : pool.plan().addresses()) {
                director.host().announceAddress(address.address());
            }
        } catch (DataplaneException e) {
            director.close();
            return;
        }
        if (announcer.done(now)) {
            LOG.info("gratuitous lvs arps finished");
            journal.append(Kind.TAKEOVER, "addresses", "announced");
        }
    }

    private void weightTick() {
        final Configuration current = configuration;
        if (!active || current == null) {
            return;
        }
        for (final ServiceState service : pool.services()) {
            for (final ServerState server : service.servers()) {
                if (server.state() == Health.State.UP) {
                    weightTick(current, service, server);
                }
            }
        }
    }

    private void weightTick(Configuration current, ServiceState service, ServerState server) {
        if (server.weight().starting()) {
            if (server.weight().tick()) {
                onWeight(server, "slow start");
            }
            return;
        }
        final List<String> command = LoadMonitor.command(
                service.planned().virtuals().get(0).section().value(VirtualKeys.LOAD_MONITOR),
                current.global().value(GlobalKeys.RSH_COMMAND),
                IpvsadmText.address(server.planned().spec().address()));
        if (!command.isEmpty() && !server.loadAsked()) {
            server.loadAsked(true);
            final boolean accepted =
                    programs.submit(command, LOAD_TIMEOUT, result -> inbox.add(() -> load(server, command, result)));
            server.loadAsked(accepted);
        }
    }

    private void load(ServerState server, List<String> command, ProgramResult result) {
        server.loadAsked(false);
        final var load = LoadMonitor.parse(result.output());
        if (!result.succeeded()) {
            LOG.warn("failed to read remote load: {} {}", String.join(" ", command), result.describe());
        } else if (load.isEmpty()) {
            LOG.warn("bad load average returned by {}", String.join(" ", command));
        } else if (server.weight().onLoad(load.getAsDouble())) {
            onWeight(server, "load " + load.getAsDouble());
        }
    }

    private void onWeight(ServerState server, String cause) {
        journal.append(
                Kind.WEIGHT,
                server.members().get(0).member().label(),
                server.weight().current() + " (" + cause + ')');
        dirty = true;
    }

    private static String key(ServiceState service) {
        return IpvsadmText.service(service.planned().spec().key());
    }

    private void publish() {
        final List<LvsStatus.Service> services = new ArrayList<>();
        for (final ServiceState service : pool.services()) {
            final List<LvsStatus.Server> servers = new ArrayList<>();
            for (final ServerState server : service.servers()) {
                servers.add(status(server));
            }
            services.add(new LvsStatus.Service(
                    String.join(
                            ", ",
                            service.planned().virtuals().stream()
                                    .map(virtual -> virtual.name())
                                    .toList()),
                    key(service),
                    service.planned().spec().scheduler(),
                    servers));
        }
        status = new LvsStatus(Boolean.TRUE.equals(alive), director.failure(), active, services);
    }

    private static LvsStatus.Server status(ServerState server) {
        final ServerState.MemberState worst = server.members().stream()
                .filter(member -> member.health().state() == Health.State.DOWN)
                .findFirst()
                .orElseGet(() -> server.members().get(0));
        final String state = switch (server.state()) {
            case UP -> "up";
            case DOWN -> "down";
            case UNKNOWN -> "unknown";
        };
        return new LvsStatus.Server(
                worst.member().label(),
                IpvsadmText.address(server.planned().spec().address())
                        + ':'
                        + server.planned().spec().port(),
                state,
                server.state() == Health.State.UP ? server.weight().current() : 0,
                server.planned().spec().weight(),
                worst.reason(),
                worst.sinceMs(),
                worst.checks());
    }

    @Override
    public void close() {
        running = false;
        engine.close();
        inbox.add(() -> running = false);
    }
}
