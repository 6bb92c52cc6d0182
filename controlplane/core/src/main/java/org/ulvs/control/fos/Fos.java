// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.fos;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.NanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.ulvs.control.check.CheckEngine;
import org.ulvs.control.check.CheckListener;
import org.ulvs.control.check.CheckOutcome;
import org.ulvs.control.check.CheckPlan;
import org.ulvs.control.check.CheckSpec;
import org.ulvs.control.check.ProgramResult;
import org.ulvs.control.check.ProgramRunner;
import org.ulvs.control.journal.ChangeJournal;
import org.ulvs.control.journal.JournalEntry.Kind;
import org.ulvs.control.lvs.LvsEvents;
import org.ulvs.control.lvs.LvsStatus;
import org.ulvs.control.lvs.Workload;
import org.ulvs.control.lvscf.Configuration;
import org.ulvs.control.lvscf.GlobalKeys;
import org.ulvs.control.lvscf.HostDevice;
import org.ulvs.control.lvscf.Key;
import org.ulvs.control.lvscf.VirtualKeys;
import org.ulvs.control.lvscf.VirtualServer;

/**
 * Failover services. The active director has their addresses and runs them; the standby checks them at their addresses.
 * A service that was there and fails one check, or that fails two before it was ever there, is a fault of the active
 * director, and all services move. One thread runs {@link #run}; the other methods leave word for it.
 */
public final class Fos implements Workload, CheckListener {
    private static final Logger LOG = LoggerFactory.getLogger("fos");
    private static final Duration COMMAND_LIMIT = Duration.ofMinutes(2);
    private static final int NEVER_SEEN_FAILURES = 2;
    private static final long LOOK_MS = 100;

    private final LvsEvents events;
    private final ChangeJournal journal;
    private final ProgramRunner programs;
    private final HostAddresses addresses;
    private final NanoClock clock;
    private final CheckEngine engine;
    private final BlockingQueue<Runnable> inbox = new LinkedBlockingQueue<>();
    private final Map<String, Integer> failures = new HashMap<>();
    private final Map<String, Boolean> seen = new HashMap<>();
    private Optional<Configuration> configuration = Optional.empty();
    private List<HostDevice> owned = List.of();
    private boolean active;
    private int announcementsLeft;
    private long nextAnnouncementNs;
    private volatile boolean running = true;

    /** With the addresses of this host. */
    public Fos(LvsEvents events, ChangeJournal journal, ProgramRunner programs, NanoClock clock) throws IOException {
        this(events, journal, programs, new HostAddresses(programs), clock);
    }

    Fos(LvsEvents events, ChangeJournal journal, ProgramRunner programs, HostAddresses addresses, NanoClock clock)
            throws IOException {
        this.events = events;
        this.journal = journal;
        this.programs = programs;
        this.addresses = addresses;
        this.clock = clock;
        this.engine = new CheckEngine(clock, this, programs);
    }

    @Override
    public boolean serves(Configuration candidate) {
        return candidate.activeFailoverServices().stream()
                .anyMatch(service -> addresses.has(service.address().address()));
    }

    @Override
    public LvsStatus status() {
        return new LvsStatus(true, "", active, List.of());
    }

    @Override
    public void configure(Configuration changed, Optional<String> markRules) {
        inbox.add(() -> {
            final boolean wasActive = active && configuration.isPresent();
            if (wasActive) {
                stopServices(vanished(configuration.get(), changed));
            }
            configuration = Optional.of(changed);
            if (wasActive) {
                takeAddresses(changed);
            } else {
                monitor(changed);
            }
        });
    }

    private static List<VirtualServer> vanished(Configuration before, Configuration after) {
        return before.activeFailoverServices().stream()
                .filter(service -> after.activeFailoverServices().stream()
                        .noneMatch(other -> other.name().equals(service.name())))
                .toList();
    }

    @Override
    public void activate() {
        inbox.add(() -> {
            active = true;
            engine.update(Map.of());
            configuration.ifPresent(current -> {
                takeAddresses(current);
                announcementsLeft =
                        current.global().value(GlobalKeys.ARP_REPEAT).intValue();
                nextAnnouncementNs = clock.nanoTime();
                LOG.info("Stopping local services (if any)");
                stopServices(current.activeFailoverServices());
                startServices(current.activeFailoverServices());
            });
            events.onActivated();
        });
    }

    @Override
    public void adopt() {
        inbox.add(() -> {
            active = true;
            engine.update(Map.of());
            configuration.ifPresent(this::takeAddresses);
            events.onActivated();
        });
    }

    @Override
    public void deactivate() {
        inbox.add(() -> {
            active = false;
            announcementsLeft = 0;
            configuration.ifPresent(current -> {
                stopServices(current.activeFailoverServices());
                owned.forEach(addresses::remove);
                current.activeFailoverServices().forEach(service -> addresses.remove(service.address()));
                owned = List.of();
                monitor(current);
            });
            events.onDeactivated();
        });
    }

    @Override
    public void announceAgain() {
        inbox.add(() -> configuration.ifPresent(current -> {
            announcementsLeft = current.global().value(GlobalKeys.ARP_REPEAT).intValue();
            nextAnnouncementNs = clock.nanoTime();
        }));
    }

    private void takeAddresses(Configuration current) {
        final Map<String, VirtualServer> distinct = new LinkedHashMap<>();
        current.activeFailoverServices()
                .forEach(service ->
                        distinct.putIfAbsent(service.address().address().getHostAddress(), service));
        final List<HostDevice> wanted = new ArrayList<>();
        distinct.values().forEach(service -> {
            wanted.add(service.address());
            addresses.add(service.address(), service.section().find(VirtualKeys.VIP_NMASK));
        });
        owned.stream().filter(address -> !wanted.contains(address)).forEach(addresses::remove);
        owned = List.copyOf(wanted);
    }

    private void startServices(List<VirtualServer> services) {
        for (final VirtualServer service : services) {
            LOG.info("Starting local service {} ...", place(service));
            if (!run(service, VirtualKeys.START_CMD)) {
                LOG.error("Failed to start service {}", place(service));
            }
        }
    }

    private void stopServices(List<VirtualServer> services) {
        for (final VirtualServer service : services) {
            LOG.info("Shutting down local service {}", place(service));
            run(service, VirtualKeys.STOP_CMD);
        }
    }

    private boolean run(VirtualServer service, Key<String> key) {
        final Optional<String> command = service.section().find(key).filter(text -> !text.isBlank());
        if (command.isEmpty()) {
            return true;
        }
        final List<String> words = List.of(command.get().strip().split("[ \t]+", -1));
        final ProgramResult result = programs.run(words, COMMAND_LIMIT);
        journal.append(Kind.TAKEOVER, service.name(), key.name() + ' ' + result.describe());
        if (!result.succeeded()) {
            LOG.warn("{} of {} {}", key.name(), service.name(), result.describe());
        }
        return result.succeeded();
    }

    private void monitor(Configuration current) {
        failures.clear();
        seen.clear();
        final Map<String, CheckSpec> checks = new LinkedHashMap<>();
        if (current.backup().isPresent()) {
            for (final VirtualServer service : current.activeFailoverServices()) {
                checks.put(service.name() + '@' + service.line(), CheckPlan.remote(service));
                LOG.info("Failover service monitor for {} started", place(service));
            }
        }
        engine.update(checks);
    }

    @Override
    public void onOutcome(String id, CheckSpec spec, CheckOutcome outcome) {
        inbox.add(() -> outcome(id, spec, outcome));
    }

    private void outcome(String id, CheckSpec spec, CheckOutcome outcome) {
        if (active) {
            return;
        }
        final String place = spec.target().getAddress().getHostAddress()
                + ':'
                + spec.target().getPort();
        if (outcome.up()) {
            failures.put(id, 0);
            if (!Boolean.TRUE.equals(seen.put(id, true))) {
                LOG.info("Remote service {} is available", place);
            }
            return;
        }
        final int failed = failures.merge(id, 1, Integer::sum);
        final boolean was = Boolean.TRUE.equals(seen.get(id));
        if (!was && failed < NEVER_SEEN_FAILURES) {
            return;
        }
        LOG.warn(
                was
                        ? "Exiting due to connection failure of {}: {}"
                        : "Timeout waiting for remote service {} -- triggering failover! ({})",
                place,
                outcome.reason());
        failures.put(id, 0);
        seen.put(id, false);
        journal.append(Kind.CHECK, spec.name(), "down: " + outcome.reason());
        events.onRemoteServiceFault(place + ": " + outcome.reason());
    }

    private static String place(VirtualServer service) {
        return service.address().address().getHostAddress() + ':' + service.port();
    }

    @Override
    public void run() {
        final Thread checks = new Thread(engine::run, "checks");
        checks.setDaemon(true);
        checks.start();
        events.onDataplane(true);
        while (running) {
            try {
                final Runnable task = inbox.poll(LOOK_MS, TimeUnit.MILLISECONDS);
                if (task != null) {
                    task.run();
                }
                announceDue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void announceDue() {
        if (announcementsLeft == 0 || clock.nanoTime() < nextAnnouncementNs) {
            return;
        }
        owned.forEach(addresses::announce);
        announcementsLeft--;
        final Duration interval = configuration
                .map(current -> current.global().value(GlobalKeys.ARP_INTERVAL))
                .orElse(Duration.ZERO);
        nextAnnouncementNs = clock.nanoTime() + interval.toNanos();
        if (announcementsLeft == 0) {
            LOG.info("gratuitous fos arps finished");
        }
    }

    @Override
    public void close() {
        running = false;
        engine.close();
    }
}
