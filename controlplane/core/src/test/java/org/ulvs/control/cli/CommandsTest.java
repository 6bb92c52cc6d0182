// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.SystemEpochClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ulvs.cnc.CncFile;
import org.ulvs.cnc.InetAddr;
import org.ulvs.cnc.OwnedAddress;
import org.ulvs.cnc.ServiceImage;
import org.ulvs.cnc.ServiceKey;
import org.ulvs.cnc.ServiceSpec;
import org.ulvs.cnc.TableImage;
import org.ulvs.cnc.TableImageWriter;
import org.ulvs.control.daemon.PidFile;
import org.ulvs.control.journal.ChangeJournal;
import org.ulvs.control.journal.ChronicleChangeJournal;
import org.ulvs.control.journal.JournalEntry;
import picocli.CommandLine;

class CommandsTest {
    private final StringWriter output = new StringWriter();

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    private int run(String... arguments) {
        final CommandLine command = Control.commandLine();
        command.setOut(new PrintWriter(output)).setErr(new PrintWriter(output));
        return command.execute(arguments);
    }

    @Test
    void shouldTellTheStepsOfOneCheckWithPiranhasOptions() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            final Thread thread = new Thread(() -> {
                try (Socket connection = server.accept()) {
                    connection.getInputStream().read();
                    connection.getOutputStream().write("220 ready\r\n".getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            thread.setDaemon(true);
            thread.start();
            final String port = Integer.toString(server.getLocalPort());

            final int code = run(
                    "nanny",
                    "-c",
                    "-h",
                    "127.0.0.1",
                    "-p",
                    "21",
                    "-r",
                    port,
                    "-s",
                    "quit\\r\\n",
                    "-x",
                    "220",
                    "-a",
                    "15",
                    "-I",
                    "/sbin/ipvsadm",
                    "-t",
                    "20",
                    "-w",
                    "1",
                    "-V",
                    "192.0.2.10",
                    "-M",
                    "m",
                    "-U",
                    "none",
                    "--lvs");

            assertThat(code).isZero();
            assertThat(output.toString())
                    .contains("CONNECT to 127.0.0.1:" + port, "connected", "sent 6 bytes", "up: answered as expected");
        }
    }

    @Test
    void shouldExitWithOneWhenTheServerIsNotUp() throws IOException {
        final int port;
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = server.getLocalPort();
        }

        assertThat(run("nanny", "-h", "127.0.0.1", "-p", Integer.toString(port)))
                .isEqualTo(1);
        assertThat(run("nanny", "-h", "127.0.0.1", "-e", "/bin/echo %h %p", "-x", "127.0.0.1 80"))
                .isZero();
        assertThat(run("nanny")).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
        "90s, 2026-05-01T11:58:30Z",
        "2h, 2026-05-01T10:00:00Z",
        "1d, 2026-04-30T12:00:00Z",
        "2026-04-01T10:00:00Z, 2026-04-01T10:00:00Z",
        "2026-04-01T10:00:00, 2026-04-01T08:00:00Z",
        "2026-04-01, 2026-03-31T22:00:00Z",
        "08:30, 2026-05-01T06:30:00Z"
    })
    void shouldReadTimes(String text, Instant expected) {
        final Clock clock = Clock.fixed(Instant.parse("2026-05-01T12:00:00Z"), ZoneId.of("Europe/Berlin"));

        assertThat(JournalCommand.parse(text, clock)).isEqualTo(expected);
        assertThatThrownBy(() -> JournalCommand.parse("soon", clock)).isInstanceOf(DateTimeException.class);
    }

    @Test
    void shouldPrintTheJournalSinceATimeAndAsJson() {
        final Path journal = directory.resolve("pulse").resolve("journal");
        try (ChangeJournal old = ChronicleChangeJournal.open(journal, () -> 1_000_000L)) {
            old.append(JournalEntry.Kind.CHECK, "web/one", "long ago");
        }
        try (ChangeJournal now = ChronicleChangeJournal.open(journal, System::currentTimeMillis)) {
            now.append(JournalEntry.Kind.TAKEOVER, "pulse", "just now");
        }

        assertThat(run("journal", "--dir", directory.toString(), "--since", "1h", "--json"))
                .isZero();

        assertThat(output.toString())
                .contains("\"kind\":\"TAKEOVER\"", "\"text\":\"just now\"")
                .doesNotContain("long ago");
    }

    @Test
    void shouldSayThatPulseIsNotRunning() throws IOException {
        assertThat(run("pulse", "--dir", directory.toString(), "status")).isEqualTo(3);
        assertThat(run("status", "--dir", directory.toString())).isEqualTo(3);
        assertThat(run("pulse", "--dir", directory.toString(), "reload")).isEqualTo(1);
        assertThat(run("pulse", "--dir", directory.toString(), "-n", "-c", "/nonexistent/lvs.cf"))
                .isEqualTo(6);
        assertThat(run("pulse", "--dir", directory.toString(), "fly")).isEqualTo(2);
    }

    @Test
    void shouldStartOnlyOnceAndNotMindAStalePidFile() throws IOException {
        final Path file = directory.resolve("pid");
        Files.writeString(file, "1\n");
        assertThat(PidFile.running(file)).isEmpty();

        try (PidFile pidFile = PidFile.take(file)) {
            assertThat(pidFile).isNotNull();
            assertThat(file).hasContent(ProcessHandle.current().pid() + "\n");
            assertThatThrownBy(() -> PidFile.take(file)).hasMessageContaining("already running");
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void shouldMakeTheSecretThatTheConfigurationNames() throws IOException {
        final Path file = directory.resolve("lvs.cf");
        final Path secret = directory.resolve("secret");
        Files.writeString(file, "primary = 192.0.2.1\npeer_secret = " + secret + "\n");

        assertThat(run("pulse", "-c", file.toString(), "secret")).isZero();
        assertThat(run("pulse", "-c", file.toString(), "secret")).isEqualTo(1);
        assertThat(Files.readString(secret)).hasSize(65);
    }

    @Test
    void shouldTellOfTheDataplaneWherePulseDoesNotRun() throws IOException {
        assertThat(run("status", "--dir", directory.toString())).isEqualTo(3);
        assertThat(output.toString())
                .startsWith("pulse is stopped\ndataplane  DEAD: no dataplane runs in " + directory);

        try (CncFile cnc = CncFile.create(directory, SystemEpochClock.INSTANCE)) {
            final ServiceSpec spec =
                    new ServiceSpec(new ServiceKey(6, InetAddr.v4(0xc000_020a), 80, 0), "rr", 0, 0, -1);
            TableImageWriter.open(directory, 64)
                    .write(new TableImage(
                            0,
                            1,
                            900,
                            120,
                            300,
                            List.of(new ServiceImage(spec, 0, List.of())),
                            List.of(),
                            Map.of(),
                            "",
                            List.of(),
                            List.of(
                                    new OwnedAddress(InetAddr.v4(0xc000_020a), "eth0"),
                                    new OwnedAddress(InetAddr.v4(0x0a00_00fe), OwnedAddress.NOWHERE))));
            cnc.running(SystemEpochClock.INSTANCE.time());
            output.getBuffer().setLength(0);

            assertThat(run("status", "--dir", directory.toString())).isEqualTo(3);
            assertThat(output.toString()).isEqualTo("""
                    pulse is stopped
                    dataplane  alive, without pulse
                    addresses  192.0.2.10 dev eth0, 10.0.0.254 (given up)
                    virtual    -t 192.0.2.10:80 -s rr
                    """);
            output.getBuffer().setLength(0);
            assertThat(run("status", "--json", "--dir", directory.toString())).isEqualTo(3);
            assertThat(output.toString()).contains("\"running\" : false", "\"alive\" : true", "-t 192.0.2.10:80 -s rr");
        }
    }

    @Test
    void shouldSayWhereItLookedForAJournal() {
        assertThat(run("journal", "--dir", directory.toString())).isEqualTo(1);
        assertThat(output.toString())
                .contains("there is none in " + directory.resolve("pulse/journal"), "ULVS_JOURNAL");
    }
}
