// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.pulse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two whole directors on loopback, with real sockets and real time; the work itself is not done. */
class PulseTest {
    private static final Set<InetAddress> FIRST = Node.addresses("127.0.31.1", "127.0.32.1");
    private static final Set<InetAddress> SECOND = Node.addresses("127.0.31.2", "127.0.32.2");

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    private final List<Node> nodes = new ArrayList<>();
    private int port;

    @BeforeEach
    void prepare() throws IOException {
        try (DatagramSocket free = new DatagramSocket()) {
            port = free.getLocalPort();
        }
        PeerSecret.create(directory.resolve("secret"));
        PeerSecret.create(directory.resolve("other"));
    }

    @AfterEach
    void end() {
        nodes.forEach(Node::close);
    }

    private String configuration(int serial, String more) {
        return """
                serial_no = %d
                primary = 127.0.31.1
                primary_private = 127.0.32.1
                backup = 127.0.31.2
                backup_private = 127.0.32.2
                backup_active = 1
                heartbeat_port = %d
                keepalive = 0.1
                deadtime = 2
                failback_delay = 0.5
                network = direct
                peer_secret = %s
                %s
                virtual web {
                     active = 1
                     address = 192.0.2.10 eth0:1
                     server one {
                         address = 192.0.2.21
                         active = 1
                     }
                }
                """.formatted(serial, port, directory.resolve("secret"), more);
    }

    private Node start(String name, Set<InetAddress> own, String text) throws IOException {
        final Node node = new Node(directory.resolve(name), text, own);
        nodes.add(node);
        return node;
    }

    private Node primary() throws IOException {
        return start("primary", FIRST, configuration(1, ""));
    }

    private Node backup() throws IOException {
        return start("backup", SECOND, configuration(1, ""));
    }

    private void awaitPair(Node primary, Node backup) {
        Node.await("the primary serves", () -> "active".equals(primary.state()));
        Node.await(
                "the backup stands by and hears it",
                () -> "standby".equals(backup.state()) && backup.status().peer().running());
        Node.await("the primary hears the backup", () -> primary.status().peer().alive());
    }

    @Test
    void shouldTakeOverFromADeadPrimaryAndGiveBackWhenItReturns() throws Exception {
        final Node primary = primary();
        final Node backup = backup();
        awaitPair(primary, backup);

        primary.pullThePlug();
        Node.await("the backup takes over", () -> "active".equals(backup.state()));
        assertThat(backup.count("PEER_LOSSES")).isEqualTo(1);

        awaitPair(primary(), backup);
        assertThat(backup.count("SPLIT_BRAINS")).isZero();
        assertThat(backup.count("STEP_DOWNS")).isEqualTo(1);
    }

    @Test
    void shouldHandOverWhenStoppedInOrder() throws Exception {
        final Node primary = primary();
        final Node backup = backup();
        awaitPair(primary, backup);

        primary.stopInOrder();

        Node.await("the backup serves", () -> "active".equals(backup.state()));
        assertThat(backup.count("PEER_LOSSES")).isZero();
    }

    @Test
    void shouldSwitchWhenAsked() throws Exception {
        final Node primary = primary();
        final Node backup = backup();
        awaitPair(primary, backup);

        assertThat(primary.pulse.request("standby")).isEqualTo("handing over to the partner");
        Node.await("they have changed", () -> "active".equals(backup.state()) && "standby".equals(primary.state()));
        assertThat(primary.pulse.request("takeover")).isEqualTo("taking over");

        awaitPair(primary, backup);
    }

    @Test
    void shouldBeAPairInThePiranhaWay() throws Exception {
        final String old = configuration(1, "heartbeat_compat = 1");
        final Node primary = start("primary", FIRST, old);
        final Node backup = start("backup", SECOND, old);
        awaitPair(primary, backup);

        primary.pullThePlug();

        Node.await("the backup takes over", () -> "active".equals(backup.state()));
        assertThat(backup.status().peer().configuration()).isEqualTo("unknown");
    }

    @Test
    void shouldDropAFloodOfGarbageAndStayAPair() throws Exception {
        final Node primary = primary();
        final Node backup = backup();
        awaitPair(primary, backup);
        final Random random = new Random(7);
        final byte[] right = new byte[HeartbeatCodec.LENGTH];
        final InetAddress target = InetAddress.getByName("127.0.31.2");
        try (DatagramSocket stranger = new DatagramSocket(new InetSocketAddress("127.0.31.77", 0));
                DatagramSocket forged = new DatagramSocket(new InetSocketAddress("127.0.31.1", 0))) {
            for (int i = 0; i < 10_000; i++) {
                random.nextBytes(right);
                final int length = i % 3 == 0 ? right.length : random.nextInt(1_000) % right.length;
                stranger.send(new DatagramPacket(right, length, target, port));
                forged.send(new DatagramPacket(right, length, target, port));
            }
        }
        Node.await("strangers are counted", () -> backup.count("heartbeats.STRANGER") > 1_000);
        Node.await("wrong lengths are counted", () -> backup.count("heartbeats.BAD_SIZE") > 1_000);

        assertThat(backup.state()).isEqualTo("standby");
        assertThat(primary.state()).isEqualTo("active");
        assertThat(backup.count("ACTIVATIONS")).isZero();
    }

    @Test
    void shouldHearNothingFromADirectorWithAnotherSecret() throws Exception {
        final Node primary = primary();
        final Node backup = start(
                "backup",
                SECOND,
                configuration(1, "")
                        .replace(
                                directory.resolve("secret").toString(),
                                directory.resolve("other").toString()));
        Node.await("both serve", () -> "active".equals(primary.state()) && "active".equals(backup.state()));

        assertThat(primary.status().peer().alive()).isFalse();
        assertThat(primary.count("heartbeats.WRONG_SECRET")).isPositive();
        assertThat(primary.count("heartbeats.ACCEPTED")).isZero();
    }

    @Test
    void shouldPushANewerConfigurationAndRefuseAnOlderOne() throws Exception {
        final Node primary = primary();
        final Node backup = backup();
        awaitPair(primary, backup);

        Files.writeString(primary.file, configuration(5, "arp_repeat = 7"));
        assertThat(primary.pulse.request("reload by piranha from 192.0.2.7")).isEqualTo("taken: serial 5");
        assertThat(primary.journal)
                .anyMatch(entry -> entry.contains("reloaded by piranha from 192.0.2.7, serial 5, 2 changes"));
        Node.await("the backup runs it", () -> backup.status().serial() == 5);
        assertThat(Files.readString(backup.file)).isEqualTo(Files.readString(primary.file));
        assertThat(backup.count("configurationsTaken")).isEqualTo(1);
        Node.await("both say so", () -> "same".equals(primary.status().peer().configuration()));

        Files.writeString(backup.file, configuration(4, "arp_repeat = 9"));
        assertThat(backup.pulse.request("reload")).isEqualTo("taken: serial 4");
        Node.await("the newer one comes back", () -> backup.status().serial() == 5);
        assertThat(primary.status().serial()).isEqualTo(5);
    }

    @Test
    void shouldGiveOneServerOfWhatRunsAnotherWeightAndLeaveTheFileAlone() throws Exception {
        final Node primary = primary();
        final Node backup = backup();
        awaitPair(primary, backup);
        final String pending = configuration(2, "arp_repeat = 9").replace("192.0.2.10 eth0:1", "192.0.2.11 eth0:1");
        Files.writeString(primary.file, pending);

        assertThat(primary.pulse.request("weight web one 0 by piranha from 192.0.2.7"))
                .isEqualTo("taken: serial 2");

        assertThat(primary.journal)
                .anyMatch(entry -> entry.contains("weight web one 0 by piranha from 192.0.2.7, serial 2, 2 changes"))
                .anyMatch(entry -> entry.contains("virtual web server one: weight 1 -> 0"))
                .noneMatch(entry -> entry.contains("192.0.2.11"));
        assertThat(Files.readString(primary.file)).isEqualTo(pending);
        assertThat(primary.status().changedOnDisk()).as("still to be applied").isTrue();
        Node.await("the backup runs it", () -> backup.status().serial() == 2);
        assertThat(Files.readString(backup.file)).contains("weight = 0").doesNotContain("arp_repeat");

        for (final String wrong :
                new String[] {"weight web two 0", "weight none one 0", "weight web one", "weight web one x"}) {
            assertThat(primary.pulse.request(wrong)).as(wrong).startsWith("refused");
        }
        assertThat(primary.status().serial()).isEqualTo(2);
    }

    @Test
    void shouldKeepABrokenConfigurationAwayFromEverything() throws Exception {
        final Node primary = primary();
        final Node backup = backup();
        awaitPair(primary, backup);
        final int before = primary.work.configurations.get();

        for (final String broken : new String[] {
            configuration(6, "keepalive = soon"),
            configuration(6, "").replace("primary = 127.0.31.1", "primary = 127.0.31.9"),
            configuration(6, "service = fos"),
            ""
        }) {
            Files.writeString(primary.file, broken);
            assertThat(primary.pulse.request("reload")).startsWith("refused");
        }

        assertThat(primary.status().serial()).isEqualTo(1);
        assertThat(primary.status().changedOnDisk()).isTrue();
        assertThat(primary.work.configurations).hasValue(before);
        assertThat(primary.state()).isEqualTo("active");
    }

    @Test
    void shouldReloadHeartbeatTimesAndPortsWhileRunning() throws Exception {
        final Node primary = primary();
        final Node backup = backup();
        awaitPair(primary, backup);
        final int old = port;
        try (DatagramSocket free = new DatagramSocket()) {
            port = free.getLocalPort();
        }
        final String moved = configuration(2, "");
        Files.writeString(primary.file, moved);
        Files.writeString(backup.file, moved);
        primary.pulse.request("reload");
        backup.pulse.request("reload");

        assertThat(port).isNotEqualTo(old);
        final long accepted = backup.count("heartbeats.ACCEPTED");
        Node.await("heartbeats flow on the new port", () -> backup.count("heartbeats.ACCEPTED") > accepted + 5);
        awaitPair(primary, backup);
    }

    @Test
    void shouldRefuseStrangersAndForgersOnTheConfigurationPort() throws Exception {
        final Node backup = backup();
        try (Socket stranger = new Socket()) {
            stranger.bind(new InetSocketAddress("127.0.31.77", 0));
            stranger.connect(new InetSocketAddress("127.0.31.2", port), 10_000);
            assertThat(stranger.getInputStream().read()).isEqualTo(-1);
        }
        try (Socket forger = new Socket()) {
            forger.bind(new InetSocketAddress("127.0.31.1", 0));
            forger.connect(new InetSocketAddress("127.0.31.2", port), 10_000);
            forger.getInputStream().readNBytes(44);
            forger.getOutputStream().write(new byte[] {0, 0, 0, 4, 1, 2, 3, 4});
            forger.getOutputStream().write(new byte[PeerSecret.SIGNATURE_LENGTH]);
            assertThat(endOf(forger)).isTrue();
        }
        Node.await("both are counted", () -> backup.count("configurationConnectionsRefused") == 2);
        assertThat(backup.status().serial()).isEqualTo(1);
    }

    private static boolean endOf(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException e) {
            // closed with something unread
            return true;
        }
    }

    @Test
    void shouldSayWhyItCannotStart() throws IOException {
        assertThatThrownBy(() -> start("nobody", Node.addresses("127.0.31.5"), configuration(1, "")))
                .hasMessageContaining("neither the address of the primary (127.0.31.1)");
        assertThatThrownBy(() -> start("bad", FIRST, configuration(1, "schedular")))
                .hasMessageContaining("no equals sign after schedular");
        assertThatThrownBy(() -> start(
                        "secretless",
                        FIRST,
                        configuration(1, "").replace(directory.resolve("secret").toString(), "/nonexistent")))
                .hasMessageContaining("there is no secret /nonexistent");
        primary();
        assertThatThrownBy(() -> start("twice", FIRST, configuration(1, "")))
                .hasMessageContaining("failed to bind to heartbeat address");
    }
}
