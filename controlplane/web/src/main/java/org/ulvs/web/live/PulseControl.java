// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.live;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.ulvs.control.lvs.LvsStatus;
import org.ulvs.control.lvscf.Configuration;
import org.ulvs.control.lvscf.GlobalKeys;
import org.ulvs.control.pulse.ControlSocket;
import org.ulvs.control.pulse.PulseOptions;
import org.ulvs.web.edit.ConfigStore;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * The control plane as pulse shows it: a status file that it writes anew each second, its journal, and a socket that
 * takes requests.
 */
public final class PulseControl implements ControlPlane {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final long STALE_MS = 10_000;
    private static final long ANSWER_SECONDS = 30;
    private static final long PEER_MS = 5_000;
    private static final int MAX_WHOM = 200;

    private final LvsProcesses processes;
    private final Path statusFile;
    private final Path socketFile;
    private final DirectorJournal journal;
    private final ConfigStore store;
    private final Clock clock;
    private Reading last = new Reading(-1, MissingNode.getInstance(), Map.of());

    /** The status of a moment, taken apart once. */
    private record Reading(long modified, JsonNode status, Map<String, Health> health) {
        static Reading of(long modified, JsonNode status) {
            return new Reading(modified, status, Map.copyOf(healthOf(status)));
        }
    }

    /**
     * Over a pulse that may not run.
     *
     * @param pulse where its files lie
     * @param store of lvs.cf
     * @param clock to tell whether the status is fresh, and how long the other director has had
     */
    public PulseControl(PulseOptions pulse, ConfigStore store, Clock clock) {
        this.processes = new LvsProcesses(pulse.directory(), clock);
        this.statusFile = pulse.statusFile();
        this.socketFile = pulse.socketFile();
        this.journal = new DirectorJournal(pulse.journalDirectory());
        this.store = store;
        this.clock = clock;
    }

    /** The status, if pulse wrote one lately; a file is read once, however many ask. */
    private synchronized Optional<Reading> reading() {
        try {
            final long modified = Files.getLastModifiedTime(statusFile).toMillis();
            if (last.modified() != modified) {
                last = Reading.of(modified, JSON.readTree(Files.readAllBytes(statusFile)));
            }
            return clock.millis() - last.status().path("writtenMs").asLong(0) > STALE_MS
                    ? Optional.empty()
                    : Optional.of(last);
        } catch (IOException | JacksonException e) {
            return Optional.empty();
        }
    }

    private Optional<JsonNode> status() {
        return reading().map(Reading::status);
    }

    @Override
    public List<Director> directors() throws IOException {
        final Configuration configuration = store.load().content().configuration();
        final Optional<JsonNode> status = status();
        final boolean weAreBackup = status.map(
                        node -> "backup".equals(node.path("role").asString("")))
                .orElse(false);
        final List<Director> directors = new ArrayList<>();
        final String primary = configuration
                .global()
                .find(GlobalKeys.PRIMARY)
                .map(java.net.InetAddress::getHostAddress)
                .orElse("no address yet");
        directors.add(director("primary", primary, !weAreBackup, status));
        configuration
                .backup()
                .ifPresent(backup -> directors.add(director("backup", backup.getHostAddress(), weAreBackup, status)));
        return directors;
    }

    private static Director director(String name, String address, boolean here, Optional<JsonNode> status) {
        if (status.isEmpty()) {
            return new Director(name, address, here, false, "", here ? "" : "Not known: pulse does not run here.");
        }
        final JsonNode node = status.get();
        if (here) {
            final boolean dataplane = node.path("lvs").path("dataplaneAlive").asBoolean(false);
            return new Director(
                    name,
                    address,
                    true,
                    true,
                    node.path("state").asString(""),
                    "serial_no " + node.path("serial").asLong(0)
                            + (dataplane ? "" : "; the dataplane does not answer"));
        }
        final JsonNode peer = node.path("peer");
        return new Director(
                name,
                address,
                false,
                peer.path("alive").asBoolean(false),
                !peer.path("alive").asBoolean(false)
                        ? ""
                        : peer.path("running").asBoolean(false) ? "active" : "standby",
                peer.path("alive").asBoolean(false)
                        ? "serial_no " + peer.path("serial").asLong(0) + ", "
                                + configuration(peer.path("configuration").asString(""))
                                + (peer.path("dataplaneAlive").asBoolean(false)
                                        ? ""
                                        : "; its dataplane does not answer")
                        : "Not heard.");
    }

    private static String configuration(String word) {
        return switch (word) {
            case "same" -> "the same configuration as here";
            case "different" -> "another configuration than here";
            default -> "configuration not known";
        };
    }

    @Override
    public List<ControlPlane.Task> processes() {
        return processes.now();
    }

    @Override
    public Map<String, Health> health() {
        return reading().map(Reading::health).orElse(Map.of());
    }

    private static Map<String, Health> healthOf(JsonNode status) {
        final Map<String, Health> health = new HashMap<>();
        for (final JsonNode service : status.path("lvs").path("services")) {
            final String key = LiveTable.key(service.path("key").asString(""));
            for (final JsonNode server : service.path("servers")) {
                final String state = server.path("state").asString("unknown");
                if (!"unknown".equals(state)) {
                    health.put(
                            key + '>' + server.path("address").asString(""),
                            new Health(
                                    server.path("name").asString(""),
                                    "up".equals(state),
                                    server.path("reason").asString(""),
                                    server.path("since").asLong(0),
                                    checks(server.path("checks"))));
                }
            }
        }
        return health;
    }

    private static LvsStatus.Checks checks(JsonNode node) {
        return new LvsStatus.Checks(
                node.path("count").asLong(0),
                node.path("failed").asLong(0),
                node.path("nanos").asLong(0),
                node.path("lastNanos").asLong(0),
                node.path("lastMs").asLong(0));
    }

    @Override
    public long appliedSerial() {
        return status().map(status -> status.path("serial").asLong(-1)).orElse(-1L);
    }

    @Override
    public void observe() {
        journal.poll();
    }

    /** Counters of pulse by name; none where it does not run. */
    @Override
    public Map<String, Long> counters() {
        final Map<String, Long> counters = new HashMap<>();
        status().ifPresent(status -> status.path("counters")
                .propertyStream()
                .forEach(entry -> counters.put(entry.getKey(), entry.getValue().asLong(0))));
        return counters;
    }

    @Override
    public boolean changedOnDisk() {
        return status().map(status -> status.path("changedOnDisk").asBoolean(false))
                .orElse(false);
    }

    @Override
    public Applied apply(String whom) throws IOException {
        if (status().isPresent() && !store.load().content().usable()) {
            return new Applied(false, "lvs.cf has errors; pulse goes on with what it has.");
        }
        return request("reload", whom, "load lvs.cf");
    }

    @Override
    public Applied weigh(String virtual, String server, int weight, String whom) {
        return request("weight " + virtual + ' ' + server + ' ' + weight, whom, "change the weight");
    }

    private Applied request(String what, String whom, String inWords) {
        if (status().isEmpty()) {
            return new Applied(false, "pulse does not run here: it will read lvs.cf when it is started.");
        }
        final String words = whom.replaceAll("[^ -~]", "?");
        final String answer;
        try {
            answer = ask(what + " by " + words.substring(0, Math.min(MAX_WHOM, words.length())));
            if (!answer.startsWith("taken") && !answer.startsWith("not changed")) {
                return new Applied(false, "pulse: " + answer + '.');
            }
            return new Applied(true, "pulse: " + answer + ". " + peer());
        } catch (IOException e) {
            return new Applied(
                    false,
                    "pulse cannot be asked to " + inWords + " (" + e.getMessage()
                            + "): run ulvs pulse reload as root.");
        }
    }

    /** Asks pulse; does not wait for ever for one that hangs. */
    private String ask(String request) throws IOException {
        final CompletableFuture<String> answer = new CompletableFuture<>();
        final Thread asking = new Thread(
                () -> {
                    try {
                        answer.complete(ControlSocket.ask(socketFile, request));
                    } catch (IOException | RuntimeException e) {
                        answer.completeExceptionally(e);
                    }
                },
                "web-ask");
        asking.setDaemon(true);
        asking.start();
        try {
            return answer.get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IOException(
                    String.valueOf(e.getCause() == null ? e : e.getCause().getMessage()), e);
        } catch (TimeoutException e) {
            throw new IOException("no answer within " + ANSWER_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Waits a moment until the other director has the file as well, and says whether it has. */
    private String peer() throws IOException {
        final long deadlineMs = clock.millis() + PEER_MS;
        while (true) {
            final JsonNode fresh = JSON.readTree(ask("status"));
            // until the file is written anew
            replaceStatus(fresh);
            final JsonNode peer = fresh.path("peer");
            if (!peer.path("configured").asBoolean(false)) {
                return "";
            }
            if (!peer.path("alive").asBoolean(false)) {
                return "The other director is silent: it gets the file when it is back.";
            }
            if ("same".equals(peer.path("configuration").asString(""))) {
                return "The other director has taken it too.";
            }
            if (clock.millis() >= deadlineMs) {
                return "The other director still has serial_no "
                        + peer.path("serial").asLong(0) + " instead of "
                        + fresh.path("serial").asLong(0) + ": TIMELINE tells why.";
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    private synchronized void replaceStatus(JsonNode fresh) {
        last = Reading.of(last.modified(), fresh);
    }

    @Override
    public List<ChangeLog.Event> events(int count) {
        return journal.newest(count);
    }

    @Override
    public void close() {
        journal.close();
    }
}
