// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real sockets and programs; the clock is turned by hand. */
class CheckEngineTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final AtomicLong clock = new AtomicLong(1_000_000_000_000L);
    private final Map<String, List<CheckOutcome>> outcomes = new LinkedHashMap<>();
    private final ProgramRunner programs = new ProgramRunner();
    private final List<AutoCloseable> open = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // set before each test
    private CheckEngine engine;

    @BeforeEach
    void startEngine() throws IOException {
        engine = new CheckEngine(
                clock::get,
                (id, spec, outcome) -> outcomes.computeIfAbsent(id, ignored -> new ArrayList<>())
                        .add(outcome),
                programs);
    }

    @AfterEach
    void stopEverything() throws Exception {
        engine.close();
        engine.run();
        programs.close();
        for (final AutoCloseable closeable : open) {
            closeable.close();
        }
    }

    private static CheckSpec spec(int port, Probe probe) {
        return new CheckSpec(
                "v/s",
                new InetSocketAddress(LOOPBACK, port),
                probe,
                Duration.ofSeconds(2),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ZERO,
                1,
                1);
    }

    private static Probe sendExpect(String send, String expect) {
        return CheckPlan.sendExpect(false, send, expect, false, false);
    }

    /** Turns the crank until a check has so many outcomes; the clock stands. */
    private List<CheckOutcome> await(String id, int count) {
        final long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (System.nanoTime() < endNs) {
            engine.poll(5);
            final List<CheckOutcome> seen = outcomes.getOrDefault(id, List.of());
            if (seen.size() >= count) {
                return seen;
            }
        }
        throw new AssertionError("no outcome of " + id + " number " + count + ": " + outcomes);
    }

    /** Sets the checks and lets all of them start. */
    private void begin(Map<String, CheckSpec> checks) {
        engine.update(checks);
        engine.poll(0);
        advance(Duration.ofMillis(20));
    }

    private void advance(Duration duration) {
        clock.addAndGet(duration.toNanos());
    }

    /** A server that treats each connection alike on a thread of its own. */
    private int server(Talk talk) throws IOException {
        final ServerSocket socket = new ServerSocket(0, 50, LOOPBACK);
        open.add(socket);
        final Thread thread = new Thread(() -> {
            while (!socket.isClosed()) {
                try (var connection = socket.accept()) {
                    talk.with(connection);
                } catch (IOException e) {
                    // the client has gone, or the test is over
                }
            }
        });
        thread.setDaemon(true);
        thread.start();
        return socket.getLocalPort();
    }

    private interface Talk {
        void with(java.net.Socket connection) throws IOException;
    }

    private static Talk answering(String text) {
        return connection -> {
            connection.getInputStream().read();
            connection.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            connection.getOutputStream().flush();
            connection.getInputStream().read();
        };
    }

    private static final Talk SILENT = connection -> connection.getInputStream().read(new byte[1]);

    /** Takes everything and says nothing. */
    private static Talk hanging() {
        return connection -> connection.getInputStream().transferTo(OutputStream.nullOutputStream());
    }

    @Test
    void shouldBeContentWithAConnection() throws IOException {
        begin(Map.of("a", spec(server(SILENT), sendExpect("", ""))));

        assertThat(await("a", 1).get(0).up()).isTrue();
    }

    @Test
    void shouldCompareTheAnswer() throws IOException {
        begin(Map.of(
                "good", spec(server(answering("HTTP/1.1 200 OK\r\n")), sendExpect("GET /\\r\\n", "HTTP")),
                "bad", spec(server(answering("SSH-2.0-x\r\n")), sendExpect("GET /\\r\\n", "HTTP"))));

        assertThat(await("good", 1).get(0).up()).isTrue();
        final CheckOutcome bad = await("bad", 1).get(0);
        assertThat(bad.up()).isFalse();
        assertThat(bad.reason()).isEqualTo("answered \"SSH-2.0-x\\r\\n\", expected \"HTTP\"");
    }

    @Test
    void shouldReportARefusedConnection() throws IOException {
        final int port;
        try (ServerSocket socket = new ServerSocket(0, 1, LOOPBACK)) {
            port = socket.getLocalPort();
        }
        begin(Map.of("a", spec(port, sendExpect("", ""))));

        final CheckOutcome outcome = await("a", 1).get(0);
        assertThat(outcome.up()).isFalse();
        assertThat(outcome.reason()).contains("refused");
    }

    @Test
    void shouldGiveUpAfterTheReadTimeoutAndKeepItsRhythm() throws IOException {
        begin(Map.of("a", spec(server(hanging()), sendExpect("x", "y"))));
        for (int i = 0; i < 20; i++) {
            engine.poll(5);
        }
        assertThat(outcomes).isEmpty();

        advance(Duration.ofMillis(1_050));

        assertThat(await("a", 1).get(0).reason()).contains("READ to 127.0.0.1").contains("timed out");
        engine.poll(5);
        assertThat(engine.attempts()).isEqualTo(1);
        advance(Duration.ofSeconds(1));
        engine.poll(5);
        assertThat(engine.attempts()).isEqualTo(2);
    }

    @Test
    void shouldEndAFloodAtTheAnswerLimitAndGoOnWithOthers() throws IOException {
        final byte[] junk = new byte[64 * 1024];
        final int flooder = server(connection -> {
            while (true) {
                connection.getOutputStream().write(junk);
            }
        });
        begin(Map.of(
                "flood", spec(flooder, CheckPlan.sendExpect(false, "", "never", true, false)),
                "good", spec(server(answering("yes")), sendExpect("?", "yes"))));

        assertThat(await("flood", 1).get(0).up()).isFalse();
        assertThat(await("good", 1).get(0).up()).isTrue();
        assertThat(engine.defects()).isZero();
    }

    @Test
    void shouldCheckHttpStatusHeaderAndBody() throws IOException {
        final String chunked = String.join(
                "\r\n",
                "HTTP/1.1 200 OK",
                "X-Node: web1",
                "Transfer-Encoding: chunked",
                "",
                "6",
                "health",
                "3",
                "y=1",
                "0",
                "",
                "");
        final int port = server(answering(chunked));
        final int unavailable = server(answering("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"));
        begin(Map.of(
                "good", spec(port, http("200", "X-Node: web\\d", "healthy=1")),
                "status", spec(unavailable, http("200-299,301", "", "")),
                "header", spec(port, http("200", "X-Node: db\\d", "")),
                "body", spec(port, http("200", "", "healthy=2"))));

        assertThat(await("good", 1).get(0).up()).isTrue();
        assertThat(await("status", 1).get(0).reason()).isEqualTo("status 503, expected 200-299,301");
        assertThat(await("header", 1).get(0).reason()).isEqualTo("no header matches /X-Node: db\\d/");
        assertThat(await("body", 1).get(0).reason()).isEqualTo("body does not contain /healthy=2/");
    }

    private static Probe http(String status, String header, String body) {
        return new Probe.Http(
                false,
                "GET",
                "/",
                "www.example.net",
                Optional.empty(),
                StatusRanges.parse(status),
                Optional.of(header).filter(text -> !text.isEmpty()),
                Optional.of(body).filter(text -> !text.isEmpty()),
                "none",
                Optional.empty());
    }

    @Test
    void shouldCheckByDatagrams() throws Exception {
        final DatagramSocket echo = new DatagramSocket(0, LOOPBACK);
        open.add(echo);
        final Thread thread = new Thread(() -> {
            final DatagramPacket packet = new DatagramPacket(new byte[100], 100);
            while (!echo.isClosed()) {
                try {
                    echo.receive(packet);
                    echo.send(packet);
                } catch (IOException e) {
                    return;
                }
            }
        });
        thread.setDaemon(true);
        thread.start();
        final int closed;
        try (DatagramSocket socket = new DatagramSocket(0, LOOPBACK)) {
            closed = socket.getLocalPort();
        }
        begin(Map.of(
                "good", spec(echo.getLocalPort(), CheckPlan.sendExpect(true, "ping", "ping", false, false)),
                "wrong", spec(echo.getLocalPort(), CheckPlan.sendExpect(true, "ping", "pong", false, false)),
                "closed", spec(closed, CheckPlan.sendExpect(true, "", "", false, false))));

        assertThat(await("good", 1).get(0).up()).isTrue();
        assertThat(await("closed", 1).get(0).reason()).isEqualTo("port unreachable");
        advance(Duration.ofMillis(1_050));
        assertThat(await("wrong", 1).get(0).reason()).isEqualTo("answered \"ping\", expected \"pong\"");
    }

    @Test
    void shouldJudgeProgramsByStatusAndOutput() {
        final List<String> ok = List.of("/bin/echo", "OK");
        begin(Map.of(
                "good", spec(1, new Probe.Program(ok, Optional.of("OK"), true)),
                "wrong", spec(1, new Probe.Program(ok, Optional.of("FAIL"), true)),
                "status", spec(1, new Probe.Program(List.of("/bin/false"), Optional.of("OK"), true)),
                "piranha", spec(1, new Probe.Program(List.of("/bin/false"), Optional.of("OK"), false)),
                "missing", spec(1, new Probe.Program(List.of("/nonexistent"), Optional.empty(), true))));

        assertThat(await("good", 1).get(0).up()).isTrue();
        assertThat(await("wrong", 1).get(0).reason()).contains("not what we expected");
        assertThat(await("status", 1).get(0).reason()).isEqualTo("program exited with status 1");
        assertThat(await("piranha", 1).get(0).up()).isTrue();
        assertThat(await("missing", 1).get(0).up()).isFalse();
    }

    @Test
    void shouldKeepUnchangedChecksAndEndRemovedOnes() throws IOException {
        final AtomicInteger connections = new AtomicInteger();
        final int port = server(connection -> connections.incrementAndGet());
        begin(Map.of("a", spec(port, sendExpect("", "")), "b", spec(port, sendExpect("", ""))));
        await("a", 1);
        await("b", 1);

        begin(Map.of("a", spec(port, sendExpect("", ""))));
        engine.poll(5);
        advance(Duration.ofSeconds(3));
        await("a", 2);
        engine.poll(5);

        assertThat(engine.size()).isEqualTo(1);
        assertThat(outcomes.get("b")).hasSize(1);
        assertThat(engine.attempts()).isEqualTo(3);
    }
}
