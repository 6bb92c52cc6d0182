// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.agrona.concurrent.SystemEpochClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulvs.control.journal.ChangeJournal;
import org.ulvs.control.journal.ChronicleChangeJournal;
import org.ulvs.control.journal.JournalEntry;
import org.ulvs.control.lvs.LvsStatus;
import org.ulvs.control.lvscf.Names;
import org.ulvs.control.pulse.ControlSocket;
import org.ulvs.control.pulse.PulseOptions;
import org.ulvs.web.edit.ConfigStore;
import org.ulvs.web.live.ChangeLog;
import org.ulvs.web.live.ControlPlane;
import org.ulvs.web.live.PulseControl;

/** What the tool makes of pulse's status file, journal and socket. */
class PulseControlTest {
    private static final String SAME =
            "{\"peer\": {\"configured\": true, \"alive\": true, \"configuration\": \"same\"}}";

    @TempDir
    private Path directory;

    private final TurnableClock clock = new TurnableClock();

    @SuppressWarnings("NullAway.Init") // set before each test
    private PulseOptions pulse;

    @SuppressWarnings("NullAway.Init") // set before each test
    private PulseControl control;

    @BeforeEach
    void write() throws IOException {
        pulse = new PulseOptions(directory.resolve("lvs.cf"), directory, false, false);
        Files.createDirectories(pulse.stateDirectory());
        control = new PulseControl(pulse, new ConfigStore(pulse.configurationFile(), Names.of(Map.of())), clock);
        Files.writeString(
                pulse.configurationFile(),
                "serial_no = 9\nprimary = 192.168.26.201\nbackup = 192.168.26.202\nbackup_active = 1\n");
    }

    @AfterEach
    void close() {
        control.close();
    }

    private void status() throws IOException {
        Files.writeString(pulse.statusFile(), """
                {"pid": 77, "writtenMs": %d, "role": "primary", "state": "active", "serial": 8,
                 "peer": {"alive": true, "running": false, "dataplaneAlive": true, "serial": 8,
                          "configuration": "same"},
                 "counters": {"ACTIVATIONS": 2},
                 "lvs": {"dataplaneAlive": true, "services": [
                   {"name": "http", "key": "-t 192.168.26.10:80", "servers": [
                   {"name": "http/web1", "address": "10.11.12.1:80", "state": "up", "reason": "answered", "since": 5},
                   {"name": "http/web2", "address": "10.11.12.2:80", "state": "down", "reason": "refused", "since": 6,
                    "checks": {"count": 4, "failed": 1, "nanos": 900, "lastNanos": 200, "lastMs": 7}},
                   {"name": "http/web3", "address": "10.11.12.3:80", "state": "unknown", "since": 0}]},
                   {"name": "sip", "key": "-u 192.168.26.10:5060", "servers": [
                   {"name": "sip/web1", "address": "10.11.12.1:5060", "state": "up", "reason": "", "since": 0}]},
                   {"name": "both", "key": "-f 80", "servers": [
                   {"name": "both/web1", "address": "10.11.12.1:0", "state": "up", "reason": "", "since": 0}]}]}}
                """.formatted(clock.millis()));
    }

    @Test
    void shouldShowBothDirectorsAndHealth() throws IOException {
        status();
        assertThat(control.directors())
                .containsExactly(
                        new ControlPlane.Director("primary", "192.168.26.201", true, true, "active", "serial_no 8"),
                        new ControlPlane.Director(
                                "backup",
                                "192.168.26.202",
                                false,
                                true,
                                "standby",
                                "serial_no 8, the same configuration as here"));
        assertThat(control.health().keySet())
                .containsExactlyInAnyOrder(
                        "TCP 192.168.26.10:80>10.11.12.1:80",
                        "TCP 192.168.26.10:80>10.11.12.2:80",
                        "UDP 192.168.26.10:5060>10.11.12.1:5060",
                        "FWM 80>10.11.12.1:0");
        assertThat(control.health().get("TCP 192.168.26.10:80>10.11.12.2:80"))
                .isEqualTo(new ControlPlane.Health(
                        "http/web2", false, "refused", 6, new LvsStatus.Checks(4, 1, 900, 200, 7)));
        assertThat(control.appliedSerial()).isEqualTo(8);
        assertThat(control.counters()).containsEntry("ACTIVATIONS", 2L);
    }

    @Test
    void shouldReadWhatTheDirectorHasWrittenIntoItsJournalAlsoBeforeTheToolWasStarted() throws IOException {
        control.observe();
        assertThat(control.events(10)).as("no journal yet").isEmpty();
        try (ChangeJournal journal = ChronicleChangeJournal.open(pulse.journalDirectory(), SystemEpochClock.INSTANCE)) {
            journal.append(JournalEntry.Kind.CHECK, "http/web2", "down: refused");
            journal.append(JournalEntry.Kind.TABLE, "table", "ipvsadm -d -t 192.168.26.10:80 -r 10.11.12.2:80");
            journal.append(JournalEntry.Kind.TAKEOVER, "pulse", "partner dead: activating lvs");
            journal.append(JournalEntry.Kind.CONFIGURATION, "push", "taken: serial 9");
        }
        control.observe();
        assertThat(control.events(10))
                .extracting(event -> event.kind() + ' ' + event.who() + ' ' + event.text())
                .containsExactly(
                        "director pulse push: taken: serial 9",
                        "failover pulse pulse: partner dead: activating lvs",
                        "health pulse http/web2: down: refused");
        assertThat(control.events(1)).extracting(ChangeLog.Event::kind).containsExactly("director");
    }

    /** A program that does nothing, with the command line of the tool. */
    private static Process lookalike(Path of) throws IOException {
        return new ProcessBuilder("sh", "-c", "read line", "org.ulvs.web.PiranhaGui", "--dir", of.toString()).start();
    }

    @Test
    void shouldListTheProcessesOfThisInstance() throws Exception {
        final Process ours = lookalike(directory);
        final Process others = lookalike(directory.resolveSibling("another"));
        try {
            // beside whatever else runs on this machine without a directory of its own
            assertThat(control.processes())
                    .contains(new ControlPlane.Task(ours.pid(), "piranha-gui --dir " + directory))
                    .noneMatch(task -> task.pid() == others.pid());
        } finally {
            ours.destroy();
            others.destroy();
        }
        ours.waitFor();
        assertThat(control.processes()).as("not looked for at each page").anyMatch(task -> task.pid() == ours.pid());
        clock.turn(Duration.ofSeconds(2));
        assertThat(control.processes()).noneMatch(task -> task.pid() == ours.pid());
    }

    @Test
    void shouldNotTrustAnOldStatus() throws IOException {
        status();
        clock.turn(Duration.ofSeconds(11));
        assertThat(control.appliedSerial()).isEqualTo(-1);
        assertThat(control.health()).isEmpty();
        assertThat(control.directors()).noneMatch(ControlPlane.Director::running);
        assertThat(control.apply("piranha").done()).isFalse();
    }

    @Test
    void shouldLiveWithoutPulseAndWithABrokenStatus() throws IOException {
        assertThat(control.directors()).hasSize(2);
        Files.writeString(pulse.statusFile(), "{\"pid\": 7");
        assertThat(control.appliedSerial()).isEqualTo(-1);
        assertThat(control.apply("piranha").report()).contains("does not run");
    }

    @Test
    void shouldAskPulseToLoadTheFileAgainAndTellWhetherThePeerHasIt() throws Exception {
        status();
        final List<String> heard = new CopyOnWriteArrayList<>();
        try (ControlSocket socket = ControlSocket.open(pulse.socketFile(), Optional.empty(), line -> {
            heard.add(line);
            return line.equals("status")
                    ? heard.size() < 4 ? SAME.replace("same", "different") : SAME
                    : "taken: serial 9";
        })) {
            assertThat(socket).isNotNull();
            assertThat(control.apply("piranha from 10.1.2.3\nstandby"))
                    .isEqualTo(new ControlPlane.Applied(
                            true, "pulse: taken: serial 9. The other director has taken it too."));
        }
        assertThat(heard).containsExactly("reload by piranha from 10.1.2.3?standby", "status", "status", "status");
        assertThat(control.apply("piranha").done())
                .as("nobody listens any longer")
                .isFalse();
    }

    @Test
    void shouldNotWaitForeverForThePeerToHaveTheFile() throws Exception {
        status();
        try (ControlSocket socket = ControlSocket.open(pulse.socketFile(), Optional.empty(), line -> {
            if (line.equals("status")) {
                clock.turn(Duration.ofSeconds(2));
                return "{\"serial\": 9, \"peer\": {\"configured\": true, \"alive\": true, \"serial\": 8}}";
            }
            return "taken: serial 9";
        })) {
            assertThat(socket).isNotNull();
            assertThat(control.apply("piranha").report())
                    .contains("still has serial_no 8 instead of 9")
                    .contains("TIMELINE");
        }
    }

    @Test
    void shouldAskPulseForAnotherWeightOfOneServer() throws Exception {
        status();
        final List<String> heard = new CopyOnWriteArrayList<>();
        try (ControlSocket socket = ControlSocket.open(pulse.socketFile(), Optional.empty(), line -> {
            heard.add(line);
            return line.equals("status") ? SAME : "taken: serial 9";
        })) {
            assertThat(socket).isNotNull();
            assertThat(control.weigh("http", "web1", 0, "piranha from 10.1.2.3"))
                    .isEqualTo(new ControlPlane.Applied(
                            true, "pulse: taken: serial 9. The other director has taken it too."));
        }
        assertThat(heard).startsWith("weight http web1 0 by piranha from 10.1.2.3");
    }

    @Test
    void shouldSayWhatPulseRefuses() throws Exception {
        status();
        try (ControlSocket socket = ControlSocket.open(
                pulse.socketFile(), Optional.empty(), line -> "refused: service cannot be changed by a reload")) {
            assertThat(socket).isNotNull();
            assertThat(control.apply("piranha"))
                    .isEqualTo(
                            new ControlPlane.Applied(false, "pulse: refused: service cannot be changed by a reload."));
        }
    }
}
