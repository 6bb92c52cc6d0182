// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.live;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ulvs.control.lvscf.Configuration;
import org.ulvs.control.lvscf.GlobalKeys;
import org.ulvs.web.edit.ConfigStore;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The control plane as pulse shows it: a status file that it writes anew each second, and a socket that takes requests.
 * Both lie in the dataplane's directory.
 */
public final class PulseControl implements ControlPlane {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final long STALE_MS = 10_000;
    private static final int MAX_COMMAND = 300;

    private final Path statusFile;
    private final ConfigStore store;
    private final Clock clock;
    private final Path socketFile;
    private final Transitions transitions = new Transitions();
    private volatile Cached cached = new Cached(-1, null);

    private record Cached(long modified, @Nullable JsonNode status) {}

    /**
     * Over a status file that may not exist.
     *
     * @param statusFile that pulse writes
     * @param store of lvs.cf
     * @param clock to tell whether the status is fresh
     * @param socketFile that pulse listens on
     */
    public PulseControl(Path statusFile, ConfigStore store, Clock clock, Path socketFile) {
        this.statusFile = statusFile;
        this.store = store;
        this.clock = clock;
        this.socketFile = socketFile;
    }

    /** The status, if pulse wrote one lately. */
    private Optional<JsonNode> status() {
        try {
            final long modified = Files.getLastModifiedTime(statusFile).toMillis();
            Cached now = cached;
            if (now.modified() != modified) {
                final JsonNode read = JSON.readTree(Files.readAllBytes(statusFile));
                now = new Cached(modified, read);
                cached = now;
                transitions.onStatus(read);
            }
            final JsonNode status = now.status();
            if (status == null || clock.millis() - status.path("writtenMs").asLong(0) > STALE_MS) {
                return Optional.empty();
            }
            return Optional.of(status);
        } catch (IOException | JacksonException e) {
            return Optional.empty();
        }
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
                peer.path("running").asBoolean(false) ? "active" : "standby",
                "configuration: " + peer.path("configuration").asString("unknown"));
    }

    @Override
    public List<ControlPlane.Task> processes() {
        final List<ControlPlane.Task> processes = new ArrayList<>();
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            all.forEach(process -> {
                final String command = process.info().commandLine().orElse("");
                final int main = Math.max(command.indexOf("org.ulvs.control."), command.indexOf("org.ulvs.engine."));
                if (main >= 0) {
                    final String shown = command.substring(main);
                    processes.add(new ControlPlane.Task(
                            process.pid(), shown.substring(0, Math.min(MAX_COMMAND, shown.length()))));
                }
            });
        }
        processes.sort(Comparator.comparingLong(ControlPlane.Task::pid));
        return processes;
    }

    @Override
    public Map<String, Health> health() {
        final Map<String, Health> health = new HashMap<>();
        status().ifPresent(status -> {
            for (final JsonNode service : status.path("lvs").path("services")) {
                for (final JsonNode server : service.path("servers")) {
                    final String state = server.path("state").asString("unknown");
                    if (!"unknown".equals(state)) {
                        health.put(
                                server.path("name").asString(""),
                                new Health(
                                        "up".equals(state),
                                        server.path("reason").asString(""),
                                        server.path("since").asLong(0),
                                        0,
                                        -1));
                    }
                }
            }
        });
        return health;
    }

    @Override
    public long appliedSerial() {
        return status().map(status -> status.path("serial").asLong(-1)).orElse(-1L);
    }

    @Override
    public void observe() {
        status();
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
    public Applied apply() throws IOException {
        final Optional<JsonNode> before = status();
        if (before.isEmpty()) {
            return new Applied(false, "pulse does not run here: it will read lvs.cf when it is started.");
        }
        final ConfigStore.Loaded wanted = store.load();
        if (!wanted.content().usable()) {
            return new Applied(false, "lvs.cf has errors; pulse goes on with what it has.");
        }
        final String answer;
        try {
            answer = PulseSocket.ask(socketFile, "reload");
        } catch (IOException e) {
            return new Applied(
                    false,
                    "pulse cannot be asked to load lvs.cf (" + e.getMessage() + "): run ulvs pulse reload as root.");
        }
        return new Applied(!answer.startsWith("refused") && !answer.startsWith("error"), "pulse: " + answer);
    }

    @Override
    public List<ChangeLog.Event> events(int count) {
        return transitions.newest(count);
    }
}
