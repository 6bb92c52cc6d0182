// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.pulse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.Selector;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.ulvs.control.daemon.RunningClock;
import org.ulvs.control.journal.ChangeJournal;
import org.ulvs.control.journal.JournalEntry;
import org.ulvs.control.lvs.LvsEvents;
import org.ulvs.control.lvs.Workload;
import org.ulvs.control.lvscf.Configuration;
import org.ulvs.control.lvscf.ConfigurationDiff;
import org.ulvs.control.lvscf.GlobalKeys;
import org.ulvs.control.lvscf.Names;

/**
 * The controlling process of a director. One thread runs {@link #run}: heartbeats, the state machine, reloads. The work
 * of the active director is a {@link Workload} on a thread of its own, so that a dataplane that hangs never holds up a
 * heartbeat.
 */
public final class Pulse implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("pulse");
    private static final long LINK_LOOK_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long STATUS_NS = TimeUnit.SECONDS.toNanos(1);

    private final PulseOptions options;
    private final PulseEnvironment environment;
    private final RunningClock clock;
    private final ConfigurationStore store;
    private final ChangeJournal journal;
    private final Workload workload;
    private final Selector selector;
    private final Hooks hooks = new Hooks();
    private final PulseMachine machine;
    private final Mailbox mailbox;
    private final Map<String, Long> counters = new TreeMap<>();
    private final ExecutorService helper = Executors.newSingleThreadExecutor(task -> {
        final Thread thread = new Thread(task, "pulse-helper");
        thread.setDaemon(true);
        return thread;
    });
    private final ConfigurationPusher pusher;
    private final PulseStatusWriter statusWriter;
    private final EchoProbe probe = new EchoProbe();

    private ConfigurationStore.Loaded loaded;
    private PeerPaths paths;
    private @Nullable HeartbeatChannel heartbeats;
    private @Nullable PeerSync sync;
    private @Nullable Beat lastPeerBeat;
    private final Links links = new Links();
    private String lastMismatch = "";
    private long nextLinkLookNs;
    private long nextStatusNs;

    /**
     * Reads the configuration and binds the sockets; serves nothing yet.
     *
     * @throws IOException if the configuration cannot be used, this machine is neither director, or an address or port
     *     cannot be had; the message says it all
     */
    public Pulse(
            PulseOptions options,
            PulseEnvironment environment,
            Names names,
            ChangeJournal journal,
            WorkloadFactory factory)
            throws IOException {
        this.options = options;
        this.environment = environment;
        this.clock = new RunningClock(environment.clock());
        this.journal = journal;
        this.store = new ConfigurationStore(options.configurationFile(), names);
        this.loaded = store.load();
        this.paths = PeerPaths.of(loaded.configuration(), environment.localAddresses());
        this.selector = Selector.open();
        this.mailbox = new Mailbox(selector::wakeup);
        this.pusher = new ConfigurationPusher(helper, mailbox, journal, now());
        this.machine = new PulseMachine(PulseSettings.of(loaded.configuration(), paths.role()), new Actions());
        this.statusWriter = new PulseStatusWriter(options, environment.epochClock());
        openSockets(loaded.configuration());
        this.workload = factory.create(loaded.configuration(), new WorkloadAnswers());
        machine.configuration(loaded.configuration().serial(), loaded.hash());
    }

    /** Makes the workload of a configuration. */
    public interface WorkloadFactory {
        /** A workload that tells its progress to {@code events}. */
        Workload create(Configuration configuration, LvsEvents events) throws IOException;
    }

    private void openSockets(Configuration configuration) throws IOException {
        if (paths.paths().isEmpty()) {
            return;
        }
        final boolean compat = configuration.global().value(GlobalKeys.HEARTBEAT_COMPAT);
        final PeerSecret secret =
                compat ? null : PeerSecret.load(Path.of(configuration.global().value(GlobalKeys.PEER_SECRET)));
        final long session = new SecureRandom().nextLong(1, Long.MAX_VALUE);
        final HeartbeatGuard guard =
                new HeartbeatGuard(paths.role(), configuration.failoverMode(), paths.peers(), secret, session);
        heartbeats =
                HeartbeatChannel.open(paths.paths(), guard, selector, environment.clock(), environment.epochClock());
        if (secret != null && configuration.global().value(GlobalKeys.PUSH_CONFIG)) {
            final List<InetSocketAddress> own =
                    paths.paths().stream().map(HeartbeatChannel.Path::own).toList();
            sync = PeerSync.listen(own, paths.peers(), secret, this::onPushed);
        }
    }

    private void closeSockets() {
        if (heartbeats != null) {
            heartbeats.close();
            heartbeats = null;
        }
        if (sync != null) {
            sync.close();
            sync = null;
        }
    }

    /** Runs until {@link #stop} has been carried out. */
    public void run() throws IOException {
        final Thread work = new Thread(workload::run, "lvs");
        work.setDaemon(true);
        final boolean adopt = !options.norun() && workload.serves(loaded.configuration());
        workload.configure(loaded.configuration(), loaded.ruleTable());
        work.start();
        journal.append(
                JournalEntry.Kind.DAEMON,
                "pulse",
                "started, serial " + loaded.configuration().serial());
        machine.onStart(now(), options.forceActive() && !options.norun(), adopt);
        while (!machine.stopped()) {
            round();
        }
        journal.append(JournalEntry.Kind.DAEMON, "pulse", "stopped");
        statusWriter.remove();
    }

    private void round() throws IOException {
        clock.runs();
        mailbox.run();
        final long now = now();
        // what has come is heard before any silence is judged
        hear();
        if (now >= machine.deadlineNs()) {
            machine.onTick(now);
        }
        lookAtLinks(now);
        considerPush(now);
        if (now >= nextStatusNs) {
            nextStatusNs = now + STATUS_NS;
            statusWriter.write(status());
        }
        final long due = Math.min(Math.min(machine.deadlineNs(), nextLinkLookNs), nextStatusNs);
        final long waitMs = Math.max(0, TimeUnit.NANOSECONDS.toMillis(due - now() + 999_999));
        if (waitMs == 0 || !mailbox.isEmpty()) {
            selector.selectNow();
        } else {
            clock.willWait(TimeUnit.MILLISECONDS.toNanos(waitMs));
            selector.select(waitMs);
        }
        selector.selectedKeys().clear();
    }

    private void hear() {
        final HeartbeatChannel channel = heartbeats;
        if (channel != null) {
            channel.poll(this::onBeat, machine.beat());
        }
    }

    private void onBeat(Beat beat) {
        lastPeerBeat = beat;
        machine.onBeat(now(), beat);
        compareConfigurations(beat);
    }

    private void compareConfigurations(Beat beat) {
        final String same = configurationOfPeer(beat);
        if ("different".equals(same) && !lastMismatch.equals(beat.configurationHash() + loaded.hash())) {
            lastMismatch = beat.configurationHash() + loaded.hash();
            count("configurationMismatches");
            LOG.warn(
                    "the partner runs another configuration: serial {} there, {} here",
                    beat.serial(),
                    loaded.configuration().serial());
            journal.append(
                    JournalEntry.Kind.CONFIGURATION,
                    "peer",
                    "differs: serial " + beat.serial() + " there, "
                            + loaded.configuration().serial() + " here");
        }
    }

    private String configurationOfPeer(@Nullable Beat beat) {
        if (beat == null || beat.configurationHash().isEmpty() || !machine.peerAlive()) {
            return "unknown";
        }
        return beat.configurationHash().equals(loaded.hash()) ? "same" : "different";
    }

    private void lookAtLinks(long now) {
        if (now < nextLinkLookNs) {
            return;
        }
        nextLinkLookNs = now + LINK_LOOK_NS;
        if (loaded.configuration().global().value(GlobalKeys.MONITOR_LINKS) == 0
                || paths.paths().isEmpty()) {
            machine.onLinks(true);
            return;
        }
        final List<String> down = links.down(paths.own());
        if (!down.isEmpty() && machine.able()) {
            LOG.error("NIC link down: {}", String.join(", ", down));
        }
        machine.onLinks(down.isEmpty());
    }

    private void considerPush(long now) {
        final PeerSync out = sync;
        final Beat peer = lastPeerBeat;
        if (out != null
                && peer != null
                && "different".equals(configurationOfPeer(peer))
                && peer.serial() < loaded.configuration().serial()) {
            pusher.pushAgain(now, out, paths.paths(), loaded);
        }
    }

    /** On the receiver's thread: reading and resolving names may take long. */
    private String onPushed(long serial, String text, String rules) {
        final String refusal = mailbox.ask(() -> {
            final long own = loaded.configuration().serial();
            if (serial > own) {
                return "";
            }
            count("configurationsRefused");
            LOG.warn("refused a configuration of the partner: its serial {} is not above ours, {}", serial, own);
            return "refused: serial " + serial + " is not above " + own;
        });
        if (!refusal.isEmpty()) {
            return refusal;
        }
        try {
            final ConfigurationStore.Loaded taken = store.replace(text, rules);
            return mailbox.ask(() -> {
                count("configurationsTaken");
                return use(taken, "pushed by the partner");
            });
        } catch (IOException e) {
            return mailbox.ask(() -> refuse(e));
        }
    }

    private String refuse(IOException e) {
        count("configurationsRefused");
        journal.append(JournalEntry.Kind.CONFIGURATION, "lvs.cf", "refused: " + e.getMessage());
        LOG.error("the configuration stays as it was: {}", e.getMessage());
        return "refused: " + e.getMessage();
    }

    /**
     * Reads lvs.cf again; a bad one leaves everything as it is. The file is read elsewhere, since resolving names may
     * take longer than deadtime.
     *
     * @param cause for the journal
     * @param reply what became of it
     */
    private void reload(String cause, Consumer<String> reply) {
        LOG.info("rereading configuration file");
        take(store::load, cause, reply);
    }

    /** Gives one server of what runs another weight; lvs.cf is neither read nor written. */
    private void reweigh(String request, Consumer<String> reply) {
        final ConfigurationStore.Loaded running = loaded;
        take(() -> store.reweighed(running, request), request, reply);
    }

    private void take(ConfigurationStore.Source source, String cause, Consumer<String> reply) {
        helper.execute(() -> {
            try {
                final ConfigurationStore.Loaded changed = source.load();
                mailbox.leave(
                        () -> reply.accept(changed.hash().equals(loaded.hash()) ? "not changed" : use(changed, cause)));
            } catch (IOException e) {
                mailbox.leave(() -> reply.accept(refuse(e)));
            }
        });
    }

    private String use(ConfigurationStore.Loaded changed, String cause) {
        try {
            change(changed, cause);
            return "taken: serial " + changed.configuration().serial();
        } catch (IOException e) {
            return refuse(e);
        }
    }

    private void change(ConfigurationStore.Loaded changed, String cause) throws IOException {
        final Configuration before = loaded.configuration();
        final Configuration after = changed.configuration();
        if (before.failoverMode() != after.failoverMode()) {
            throw new IOException("service cannot be changed by a reload: restart pulse");
        }
        final PeerPaths newPaths = PeerPaths.of(after, environment.localAddresses());
        if (newPaths.role() != paths.role()) {
            throw new IOException("primary and backup cannot change places by a reload: restart pulse");
        }
        final List<ConfigurationDiff.Change> changes = ConfigurationDiff.between(before, after);
        if (PulseSettings.socketsDiffer(before, after) || !newPaths.equals(paths)) {
            reopen(newPaths, after);
        }
        loaded = changed;
        links.forget();
        machine.onReload(now(), PulseSettings.of(after, paths.role()));
        machine.configuration(after.serial(), changed.hash());
        workload.configure(after, changed.ruleTable());
        changes.forEach(change -> LOG.info("configuration: {}", change.describe()));
        journal.append(
                JournalEntry.Kind.CONFIGURATION,
                "lvs.cf",
                cause + ", serial " + after.serial() + ", " + changes.size() + " changes");
        changes.forEach(change -> journal.append(JournalEntry.Kind.CONFIGURATION, change.subject(), change.describe()));
    }

    private void reopen(PeerPaths newPaths, Configuration after) throws IOException {
        final PeerPaths oldPaths = paths;
        closeSockets();
        paths = newPaths;
        try {
            openSockets(after);
        } catch (IOException e) {
            paths = oldPaths;
            openSockets(loaded.configuration());
            throw e;
        }
    }

    /**
     * Answers a request of the control socket; any thread. {@code reload by WHOM} names who wants it, as does {@code
     * weight VIRTUAL SERVER N by WHOM}.
     */
    public String request(String line) {
        final String verb = line.split(" ", 2)[0];
        return switch (line.startsWith("reload by ") || "weight".equals(verb) ? verb : line) {
            case "status" -> mailbox.ask(() -> PulseStatusWriter.text(status()));
            case "reload" -> mailbox.askLater(reply -> reload(line.replaceFirst("reload", "reloaded"), reply));
            case "weight" -> mailbox.askLater(reply -> reweigh(line, reply));
            case "standby" -> mailbox.ask(() -> machine.onStandByRequest(now()));
            case "takeover" -> mailbox.ask(machine::onTakeOverRequest);
            case "push" -> mailbox.ask(this::pushNow);
            default -> "unknown request: " + line;
        };
    }

    private String pushNow() {
        final PeerSync out = sync;
        if (out == null) {
            return "refused: there is no partner to push to";
        }
        pusher.push(out, paths.paths(), loaded);
        return "pushing serial " + loaded.configuration().serial();
    }

    /** Reads lvs.cf again, as for SIGHUP; any thread. */
    public void reloadSoon() {
        mailbox.leave(() -> reload("reloaded", text -> LOG.info("configuration: {}", text)));
    }

    /** Hands over and ends; any thread. */
    public void stop() {
        mailbox.leave(() -> machine.onStop(now()));
    }

    private PulseStatus status() {
        final Configuration configuration = loaded.configuration();
        final Map<String, Long> all = new TreeMap<>(counters);
        final HeartbeatChannel channel = heartbeats;
        if (channel != null) {
            channel.counts().forEach((verdict, count) -> all.put("heartbeats." + verdict.name(), count));
            all.put("heartbeats.SENT", channel.sent());
        }
        if (sync != null) {
            all.put("configurationConnectionsRefused", sync.refused());
        }
        all.put("journalEntriesLost", journal.lost());
        final Beat beat = lastPeerBeat;
        final Optional<InetAddress> peer = paths.peers().stream().findFirst();
        final PulseStatus.Peer peerStatus = new PulseStatus.Peer(
                peer.isPresent(),
                peer.map(InetAddress::getHostAddress).orElse(""),
                machine.peerAlive(),
                machine.peerRunning(),
                machine.peerForwardsOn() || (machine.peerAlive() && beat != null && beat.dataplaneAlive()),
                beat == null ? 0 : beat.serial(),
                configurationOfPeer(beat));
        final String state = machine.active() == machine.serving()
                ? machine.active() ? "active" : "standby"
                : machine.active() ? "activating" : "deactivating";
        return statusWriter.status(
                paths.role(),
                configuration,
                state,
                loaded.hash(),
                !store.unchanged(loaded),
                peerStatus,
                all,
                workload.status());
    }

    private void count(String name) {
        counters.merge(name, 1L, Long::sum);
    }

    private long now() {
        return clock.nanoTime();
    }

    @Override
    public void close() {
        closeSockets();
        workload.close();
        helper.shutdownNow();
        probe.close();
        try {
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Answers of the workload, from its thread to ours. */
    private final class WorkloadAnswers implements LvsEvents {
        @Override
        public void onActivated() {
            mailbox.leave(() -> machine.onActivated(now()));
        }

        @Override
        public void onDeactivated() {
            mailbox.leave(() -> machine.onDeactivated(now()));
        }

        @Override
        public void onDataplane(boolean alive) {
            mailbox.leave(() -> machine.onDataplane(now(), alive));
        }

        @Override
        public void onRemoteServiceFault(String text) {
            mailbox.leave(() -> testGatewayThen(answers -> {
                if (answers) {
                    machine.onRemoteServiceFault();
                } else {
                    LOG.error("I SEEM TO HAVE A NETWORK FAULT!");
                }
            }));
        }
    }

    private void testGatewayThen(Consumer<Boolean> then) {
        final Optional<InetAddress> gateway =
                loaded.configuration().global().find(GlobalKeys.GATEWAY_TEST).or(Gateway::defaultGateway);
        if (gateway.isEmpty()) {
            // without a gateway there is nothing to ask: the network counts as good
            then.accept(true);
            return;
        }
        probe.ask(gateway, Gateway.PATIENCE, answers -> mailbox.leave(() -> then.accept(answers)));
    }

    /** What the state machine wants done. */
    private final class Actions implements PulseActions {
        @Override
        public void activate(String cause) {
            hooks.run("active_cmd", loaded.configuration().global().find(GlobalKeys.ACTIVE_CMD));
            if (options.norun()) {
                LOG.info("would activate now: --norun");
                return;
            }
            workload.activate();
        }

        @Override
        public void adopt() {
            workload.adopt();
        }

        @Override
        public void deactivate(String cause) {
            hooks.run("inactive_cmd", loaded.configuration().global().find(GlobalKeys.INACTIVE_CMD));
            if (options.norun()) {
                mailbox.leave(() -> machine.onDeactivated(now()));
                return;
            }
            workload.deactivate();
        }

        @Override
        public void announceAgain() {
            hooks.run("active_cmd", loaded.configuration().global().find(GlobalKeys.ACTIVE_CMD));
            workload.announceAgain();
        }

        @Override
        public void announceAddresses() {
            workload.announceAgain();
        }

        @Override
        public void send(Beat beat) {
            if (heartbeats != null) {
                heartbeats.send(beat);
            }
        }

        @Override
        public void testGateway() {
            testGatewayThen(machine::onGateway);
        }

        @Override
        public void testPeer() {
            final Optional<InetAddress> target =
                    EchoProbe.virtualAddress(loaded.configuration(), environment.localAddresses());
            final Duration limit =
                    loaded.configuration().global().value(GlobalKeys.DEADTIME).dividedBy(3);
            probe.ask(target, limit, yes -> mailbox.leave(() -> machine.onPeerForwards(now(), yes)));
        }

        @Override
        public void log(Level level, String text) {
            switch (level) {
                case INFO -> LOG.info("{}", text);
                case WARNING -> LOG.warn("{}", text);
                case ERROR -> LOG.error("{}", text);
            }
        }

        @Override
        public void journal(String kind, String text) {
            final boolean takeover = "takeover".equals(kind);
            journal.append(
                    takeover ? JournalEntry.Kind.TAKEOVER : JournalEntry.Kind.PEER, takeover ? "pulse" : kind, text);
        }

        @Override
        public void count(Counter counter) {
            Pulse.this.count(counter.name());
        }
    }
}
