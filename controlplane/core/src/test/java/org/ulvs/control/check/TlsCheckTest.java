// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks over TLS against a server with a certificate of its own making. */
class TlsCheckTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    private final AtomicLong clock = new AtomicLong(1_000_000_000_000L);
    private final Map<String, CheckOutcome> outcomes = new HashMap<>();
    private final ProgramRunner programs = new ProgramRunner();

    @SuppressWarnings("NullAway.Init") // set before each test
    private CheckEngine engine;

    @SuppressWarnings("NullAway.Init") // set before each test
    private SSLServerSocket server;

    @BeforeEach
    void start() throws Exception {
        final Path store = directory.resolve("server.p12");
        keytool(
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=www.example.net",
                "-ext",
                "san=dns:www.example.net",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString());
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                "server",
                "-keystore",
                store.toString(),
                "-file",
                directory.resolve("server.pem").toString());
        server = (SSLServerSocket) context(store).getServerSocketFactory().createServerSocket(0, 50, LOOPBACK);
        final Thread thread = new Thread(this::serve);
        thread.setDaemon(true);
        thread.start();
        engine = new CheckEngine(clock::get, (id, spec, outcome) -> outcomes.put(id, outcome), programs);
    }

    private static SSLContext context(Path store) throws Exception {
        final KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        final KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(keys, PASSWORD);
        final TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(keys);
        final SSLContext context = SSLContext.getInstance("TLS");
        context.init(keyManagers.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private void keytool(String... arguments) {
        final List<String> command = new java.util.ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-storepass", new String(PASSWORD), "-noprompt"));
        assertThat(programs.run(command, Duration.ofSeconds(100)).succeeded()).isTrue();
    }

    private void serve() {
        while (!server.isClosed()) {
            try (Socket connection = server.accept()) {
                connection.getInputStream().read();
                // more than one TLS record, so that the check must read on
                final String body = "x".repeat(40_000) + "healthy";
                connection
                        .getOutputStream()
                        .write(("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                                .getBytes(StandardCharsets.US_ASCII));
                connection.getOutputStream().flush();
                connection.getInputStream().readAllBytes();
            } catch (IOException e) {
                // a check that does not trust us hangs up
            }
        }
    }

    @AfterEach
    void stop() throws IOException {
        engine.close();
        engine.run();
        programs.close();
        server.close();
    }

    private CheckSpec spec(int port, String host, String verify, Optional<Path> certificate) {
        return new CheckSpec(
                "v/s",
                new InetSocketAddress(LOOPBACK, port),
                new Probe.Http(
                        true,
                        "GET",
                        "/",
                        host,
                        Optional.empty(),
                        StatusRanges.parse("200"),
                        Optional.empty(),
                        Optional.of("healthy$"),
                        verify,
                        certificate.map(Path::toString)),
                Duration.ofSeconds(2),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ZERO,
                1,
                1);
    }

    private CheckOutcome check(CheckSpec spec) {
        return check(spec, Duration.ZERO);
    }

    /** Runs one check; the clock is turned after its start. */
    private CheckOutcome check(CheckSpec spec, Duration later) {
        outcomes.clear();
        engine.update(Map.of("a", spec));
        engine.poll(0);
        clock.addAndGet(Duration.ofMillis(20).toNanos());
        for (int i = 0; i < 10 && !later.isZero(); i++) {
            engine.poll(5);
        }
        clock.addAndGet(later.toNanos());
        final long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (System.nanoTime() < endNs) {
            engine.poll(5);
            final CheckOutcome outcome = outcomes.get("a");
            if (outcome != null) {
                engine.update(Map.of());
                return outcome;
            }
        }
        throw new AssertionError("no outcome");
    }

    @Test
    void shouldReadThroughTlsWithoutAskingWhoItIs() {
        final CheckOutcome outcome = check(spec(server.getLocalPort(), "whoever", "none", Optional.empty()));

        assertThat(outcome.reason()).isEqualTo("status 200");
        assertThat(outcome.up()).isTrue();
        assertThat(engine.defects()).isZero();
    }

    @Test
    void shouldVerifyCertificateAndNameWhereToldSo() {
        final int port = server.getLocalPort();
        final String pem = directory.resolve("server.pem").toString();

        assertThat(check(spec(port, "www.example.net", pem, Optional.empty())).up())
                .isTrue();
        assertThat(check(spec(port, "www.example.org", pem, Optional.empty())).up())
                .isFalse();
        assertThat(check(spec(port, "www.example.net", "system", Optional.empty()))
                        .up())
                .isFalse();
        assertThat(check(spec(port, "www.example.net", "/nonexistent.pem", Optional.empty()))
                        .reason())
                .contains("/nonexistent.pem");
    }

    @Test
    void shouldShowACertificateToAServerThatWantsOne() throws IOException {
        server.setNeedClientAuth(true);
        final Path store = directory.resolve("server.p12");
        Files.writeString(directory.resolve("server.p12.password"), new String(PASSWORD) + "\n");
        final int port = server.getLocalPort();

        assertThat(check(spec(port, "www.example.net", "none", Optional.of(store)))
                        .up())
                .isTrue();
        assertThat(check(spec(port, "www.example.net", "none", Optional.empty()))
                        .up())
                .isFalse();
    }

    @Test
    void shouldGiveUpOnAServerThatNeverAnswersTheHandshake() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, LOOPBACK)) {
            final CheckSpec spec = spec(silent.getLocalPort(), "www.example.net", "none", Optional.empty());

            assertThat(check(spec, Duration.ofMillis(1_100)).reason()).contains("TLS handshake", "timed out");
        }
    }
}
