// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulvs.control.lvscf.Names;
import org.ulvs.web.edit.ConfigStore;
import org.ulvs.web.live.ChangeLog;
import org.ulvs.web.live.ControlPlane;
import org.ulvs.web.live.PulseControl;

/** What the tool makes of pulse's status file and socket. */
class PulseControlTest {
    @TempDir
    private Path directory;

    private final TurnableClock clock = new TurnableClock();
    private PulseControl control;

    @BeforeEach
    void write() throws IOException {
        control = new PulseControl(
                directory.resolve("pulse-status.json"),
                new ConfigStore(directory.resolve("lvs.cf"), Names.of(Map.of())),
                clock,
                directory.resolve("pulse.sock"));
        Files.writeString(
                directory.resolve("lvs.cf"),
                "serial_no = 9\nprimary = 192.168.26.201\nbackup = 192.168.26.202\nbackup_active = 1\n");
    }

    private void status() throws IOException {
        Files.writeString(directory.resolve("pulse-status.json"), """
                {"pid": 77, "writtenMs": %d, "role": "primary", "state": "active", "serial": 8,
                 "peer": {"alive": true, "running": false, "configuration": "same"},
                 "counters": {"ACTIVATIONS": 2},
                 "lvs": {"dataplaneAlive": true, "services": [{"name": "http", "servers": [
                   {"name": "http/web1", "state": "up", "reason": "answered", "since": 5},
                   {"name": "http/web2", "state": "down", "reason": "refused", "since": 6},
                   {"name": "http/web3", "state": "unknown", "reason": "", "since": 0}]}]}}
                """.formatted(clock.millis()));
    }

    @Test
    void shouldShowBothDirectorsAndHealth() throws IOException {
        status();
        assertThat(control.directors())
                .containsExactly(
                        new ControlPlane.Director("primary", "192.168.26.201", true, true, "active", "serial_no 8"),
                        new ControlPlane.Director(
                                "backup", "192.168.26.202", false, true, "standby", "configuration: same"));
        assertThat(control.health().keySet()).containsExactlyInAnyOrder("http/web1", "http/web2");
        assertThat(control.health().get("http/web2")).isEqualTo(new ControlPlane.Health(false, "refused", 6, 0, -1));
        assertThat(control.appliedSerial()).isEqualTo(8);
        assertThat(control.counters()).containsEntry("ACTIVATIONS", 2L);
    }

    @Test
    void shouldTellWhatHasChangedBetweenTwoLooks() throws IOException {
        status();
        control.observe();
        assertThat(control.events(10)).isEmpty();
        final Path file = directory.resolve("pulse-status.json");
        final String later = Files.readString(file)
                .replace("\"refused\", \"since\": 6", "\"answered\", \"since\": 9")
                .replace("\"down\"", "\"up\"")
                .replace("\"active\"", "\"standby\"");
        Files.writeString(file, later);
        Files.setLastModifiedTime(
                file, FileTime.fromMillis(Files.getLastModifiedTime(file).toMillis() + 5));
        control.observe();
        assertThat(control.events(10))
                .extracting(ChangeLog.Event::kind, ChangeLog.Event::text)
                .containsExactly(
                        tuple("health", "http/web2 up: answered"),
                        tuple("failover", "this director: active -> standby"));
    }

    @Test
    void shouldNotTrustAnOldStatus() throws IOException {
        status();
        clock.turn(Duration.ofSeconds(11));
        assertThat(control.appliedSerial()).isEqualTo(-1);
        assertThat(control.health()).isEmpty();
        assertThat(control.directors()).noneMatch(ControlPlane.Director::running);
        assertThat(control.apply().done()).isFalse();
    }

    @Test
    void shouldLiveWithoutPulseAndWithABrokenStatus() throws IOException {
        assertThat(control.directors()).hasSize(2);
        Files.writeString(directory.resolve("pulse-status.json"), "{\"pid\": 7");
        assertThat(control.appliedSerial()).isEqualTo(-1);
        assertThat(control.apply().report()).contains("does not run");
    }

    @Test
    void shouldAskPulseToLoadTheFileAgain() throws Exception {
        status();
        final UnixDomainSocketAddress address = UnixDomainSocketAddress.of(directory.resolve("pulse.sock"));
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(address);
            final StringBuilder heard = new StringBuilder();
            final Thread pulse = new Thread(() -> {
                try (SocketChannel client = server.accept()) {
                    final ByteBuffer request = ByteBuffer.allocate(100);
                    client.read(request);
                    heard.append(StandardCharsets.UTF_8.decode(request.flip()));
                    client.write(StandardCharsets.UTF_8.encode("serial 9 is running\n"));
                } catch (IOException e) {
                    heard.append(e);
                }
            });
            pulse.start();
            assertThat(control.apply()).isEqualTo(new ControlPlane.Applied(true, "pulse: serial 9 is running"));
            pulse.join();
            assertThat(heard.toString()).isEqualTo("reload\n");
        }
        assertThat(control.apply().done()).as("nobody listens any longer").isFalse();
    }
}
