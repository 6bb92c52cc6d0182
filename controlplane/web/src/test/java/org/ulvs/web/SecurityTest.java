// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ulvs.web.auth.PasswordFile;
import org.ulvs.web.auth.TokenFile;
import org.ulvs.web.live.ChangeLog;

/** Each way to come in, or to change something, without being allowed to. */
class SecurityTest {
    static final String CONFIGURATION = """
            serial_no = 7
            primary = 192.168.26.201
            network = nat
            virtual http {
                 active = 1
                 address = 192.168.26.10 eth0:1
                 server web1 {
                     address = 10.11.12.1
                     active = 1
                 }
            }
            """;

    @TempDir
    private Path directory;

    private Gui gui;

    @BeforeEach
    void start() {
        gui = new Gui(directory).withPassword().withConfiguration(CONFIGURATION);
    }

    @AfterEach
    void stop() {
        gui.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/global",
                "/redundancy",
                "/virtual",
                "/virtual/new",
                "/virtual/edit?name=http",
                "/virtual/scripts?name=http",
                "/virtual/servers?name=http",
                "/virtual/server?name=http",
                "/failover",
                "/marks",
                "/changes",
                "/marks/changes",
                "/apply",
                "/drain",
                "/check",
                "/password",
                "/logout"
            })
    void shouldRefusePostWithoutLogin(String path) throws IOException {
        assertThat(gui.postRaw(path, "action", "toggle", "selected", "http", "primary", "10.9.9.9")
                        .statusCode())
                .isEqualTo(401);
        assertThat(gui.configuration()).isEqualTo(CONFIGURATION);
        assertThat(gui.control.applied).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/control",
                "/global",
                "/redundancy",
                "/virtual",
                "/watch?name=http",
                "/timeline",
                "/events",
                "/marks",
                "/changes?draft=x",
                "/marks/changes?draft=x",
                "/password"
            })
    void shouldShowNothingWithoutLogin(String path) {
        final HttpResponse<String> answer = gui.get(path);
        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(answer.headers().firstValue("Location")).hasValue("/login");
        assertThat(answer.body()).doesNotContain("192.168.26.10");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "wrong"})
    void shouldRefuseFormWithoutItsToken(String token) throws IOException {
        gui.login();
        assertThat(gui.postRaw("/apply", "_csrf", token).statusCode()).isEqualTo(403);
        assertThat(gui.control.applied).hasValue(0);
    }

    @Test
    void shouldRefuseTokenOfAnotherSession() {
        gui.login();
        final String other = gui.csrf();
        gui.login();
        assertThat(gui.postRaw("/apply", "_csrf", other).statusCode()).isEqualTo(403);
        assertThat(gui.postRaw("/apply", "_csrf", gui.csrf()).statusCode()).isEqualTo(303);
    }

    @Test
    void shouldRefuseFormFromAnotherSite() {
        gui.login();
        final String token = gui.csrf();
        for (final String[] header : new String[][] {
            {"Origin", "https://example.org"}, {"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}
        }) {
            final HttpRequest.Builder request = Gui.form(gui.request("/apply"), "_csrf", token);
            assertThat(gui.send(request.header(header[0], header[1])).statusCode())
                    .as(header[1])
                    .isEqualTo(403);
        }
        assertThat(gui.control.applied).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/apply", "/logout", "/drain?virtual=http&server=web1", "/check?virtual=http&server=web1"})
    void shouldNotKnowGetOfWhatChanges(String path) {
        gui.login();
        assertThat(gui.get(path).statusCode()).isEqualTo(405);
        assertThat(gui.control.applied).hasValue(0);
        assertThat(gui.get("/control").statusCode()).isEqualTo(200);
    }

    @Test
    void shouldChangeNothingByGetWhateverTheQuery() throws IOException {
        gui.login();
        for (final String path : List.of(
                "/virtual?action=delete&selected=http",
                "/global?primary=10.9.9.9&action=accept",
                "/redundancy?action=enable",
                "/virtual/servers?name=http&action=toggle&selected=web1")) {
            assertThat(gui.get(path).statusCode()).isEqualTo(200);
        }
        assertThat(gui.configuration()).isEqualTo(CONFIGURATION);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "PROPFIND"})
    void shouldRefuseOtherMethods(String method) {
        gui.login();
        assertThat(gui.send(gui.request("/global").method(method, HttpRequest.BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(405);
    }

    @Test
    void shouldRefuseOversizeBody() {
        gui.login();
        final String large = "x".repeat(Gui.LIMITS.bodyBytes() + 1);
        assertThat(gui.postRaw("/global", "_csrf", gui.csrf(), "primary", large).statusCode())
                .isEqualTo(413);
    }

    /** A connection closed with bytes unread is reset, and who is still sending never sees why. */
    @ParameterizedTest
    @CsvSource({"/login, 1000, 413", "/global, 1000, 413", "/nowhere, 0, 404", "/api/v1/status, 0, 405"})
    void shouldAnswerNobodyWhoIsStillSending(String path, int excess, int status) throws IOException {
        gui.login();
        final int length = Gui.LIMITS.bodyBytes() + excess;
        final String head = "POST " + path + " HTTP/1.1\r\nHost: x\r\n" + cookieLine()
                + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " + length + "\r\n\r\n";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gui.port())) {
            socket.setSoTimeout(200);
            socket.getOutputStream().write((head + "x".repeat(length - 1)).getBytes(StandardCharsets.US_ASCII));
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            socket.getOutputStream().write('x');
            socket.setSoTimeout(90_000);
            assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 " + status);
        }
    }

    @ParameterizedTest
    @CsvSource({"/login, 413", "/nowhere, 404"})
    void shouldRefuseAtOnceWhatIsAskedForBeforeItIsSent(String path, int status) throws IOException {
        assertThat(raw("POST " + path + " HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: "
                        + 10 * Gui.LIMITS.bodyBytes() + "\r\n\r\n"))
                .startsWith("HTTP/1.1 " + status);
    }

    @Test
    void shouldRefuseOversizeBodyThatHidesItsLength() throws IOException {
        gui.login();
        final String chunk = "1000\r\n" + "x".repeat(0x1000) + "\r\n";
        assertThat(raw("POST /global HTTP/1.1\r\nHost: x\r\n" + cookieLine()
                        + "Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + chunk.repeat(5) + "0\r\n\r\n"))
                .startsWith("HTTP/1.1 413");
    }

    private String cookieLine() {
        return gui.request("/")
                .build()
                .headers()
                .firstValue("Cookie")
                .map(cookie -> "Cookie: " + cookie + "\r\n")
                .orElse("");
    }

    @Test
    void shouldRefuseOversizeHeader() {
        assertThat(gui.send(gui.request("/login").header("X-Large", "x".repeat(Gui.LIMITS.headerBytes())))
                        .statusCode())
                .isEqualTo(431);
    }

    /** Of a form that everybody may send. */
    @Test
    void shouldEndSlowBody() throws IOException {
        try (Gui impatient = new Gui(directory, List.of(), Gui.IMPATIENT)) {
            final String request = String.join(
                    "\r\n",
                    "POST /login HTTP/1.1",
                    "Host: x",
                    "Content-Type: application/x-www-form-urlencoded",
                    "Content-Length: 100",
                    "",
                    "user=");
            assertThat(raw(impatient, request)).startsWith("HTTP/1.1 408");
        }
    }

    @Test
    void shouldEndSlowHeaders() throws IOException {
        try (Gui impatient = new Gui(directory, List.of(), Gui.IMPATIENT);
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), impatient.port())) {
            socket.setSoTimeout(50);
            socket.getOutputStream().write("GET /login HTTP/1.1\r\nHost: x\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(endsWhile(socket))
                    .as("the server has closed the connection")
                    .isTrue();
        }
    }

    /** Whether the other side ends a connection on which a byte comes whenever nothing has come back for a moment. */
    static boolean endsWhile(Socket socket) {
        boolean ended = false;
        for (int i = 0; i < 600 && !ended; i++) {
            ended = endOf(socket) || !drips(socket);
        }
        return ended;
    }

    private static boolean drips(Socket socket) {
        try {
            socket.getOutputStream().write('X');
            return true;
        } catch (IOException reset) {
            return false;
        }
    }

    private static boolean endOf(Socket socket) {
        try {
            final InputStream in = socket.getInputStream();
            int read = in.read();
            while (read >= 0) {
                read = in.read();
            }
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/static/../piranha.passwd", "/static/%2e%2e/piranha.passwd", "/static/..%2fpiranha.passwd",
                "/static/%2e%2e%2f%2e%2e%2fetc/passwd", "//etc/passwd", "/static//style.css",
                "/static/..;/piranha.passwd", "/static/style.css%00.html", "/static/"
            })
    void shouldServeNoFileByPath(String path) throws IOException {
        final String answer = raw("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        assertThat(answer)
                .matches("(?s)HTTP/1.1 (400|404) .*")
                .doesNotContain("$2y$")
                .doesNotContain("root:");
    }

    private String raw(String request) throws IOException {
        return raw(gui, request);
    }

    private static String raw(Gui to, String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), to.port())) {
            socket.setSoTimeout(90_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            final byte[] answer = socket.getInputStream().readNBytes(200);
            return new String(answer, StandardCharsets.UTF_8);
        }
    }

    @Test
    void shouldShowScriptInNameAsText() throws IOException {
        final String name = "<script>alert(1)</script>";
        gui.withConfiguration(
                CONFIGURATION.replace("virtual http", "virtual " + name).replace("web1", "\"'><img/src=x>"));
        gui.login();
        for (final String path :
                List.of("/virtual", "/control", "/virtual/edit?name=%3Cscript%3Ealert(1)%3C/script%3E")) {
            final String page = gui.get(path).body();
            assertThat(page).as(path).doesNotContain("<script>alert").doesNotContain("<img/src");
            assertThat(page).as(path).contains("&lt;script");
        }
    }

    @Test
    void shouldAnswerEverythingWithStrictHeaders() {
        for (final String path : List.of("/login", "/control", "/static/style.css", "/nowhere", "/api/v1/status")) {
            final HttpResponse<String> answer = gui.get(path);
            final String policy =
                    answer.headers().firstValue("Content-Security-Policy").orElse("");
            assertThat(policy)
                    .as(path)
                    .contains("default-src 'none'")
                    .contains("script-src 'self'")
                    .doesNotContain("unsafe");
            assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
            assertThat(answer.headers().firstValue("Server")).isEmpty();
        }
    }

    @Test
    void shouldSlowDownGuessing() {
        for (int i = 0; i < 5; i++) {
            assertThat(gui.tryLogin("piranha", "guess number " + i).statusCode())
                    .isEqualTo(403);
        }
        final HttpResponse<String> refused = gui.tryLogin("piranha", Gui.PASSWORD);
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        gui.clock.turn(Duration.ofSeconds(3));
        assertThat(gui.tryLogin("piranha", Gui.PASSWORD).statusCode()).isEqualTo(303);
    }

    /** Who may not come in cannot push out of the journal what others did, nor the weights that drains remember. */
    @Test
    void shouldNotForgetChangesBecauseOfFailedLogins() throws IOException {
        gui.login();
        gui.postRaw("/drain", "_csrf", gui.csrf(), "virtual", "http", "server", "web1", "action", "drain");
        final ChangeLog log = new ChangeLog(directory.resolve("piranha.journal"), gui.clock);
        for (int i = 0; i < 1_100; i++) {
            log.append("login", "nobody", "192.0.2.66", "a login failed");
        }
        final ChangeLog again = new ChangeLog(directory.resolve("piranha.journal"), gui.clock);
        assertThat(again.newest(3_000))
                .extracting(ChangeLog.Event::text)
                .contains("drained http/web1 (weight was 1)", "a login failed");
    }

    @Test
    void shouldLetNobodyInBeforePasswordIsSetAndSayHow() throws IOException {
        Files.delete(GuiOptions.password(directory));
        assertThat(gui.tryLogin("piranha", "").statusCode()).isEqualTo(403);
        assertThat(gui.tryLogin("piranha", Gui.PASSWORD).statusCode()).isEqualTo(403);
        assertThat(gui.get("/login").body())
                .contains("No password has been set")
                .contains("piranha-passwd");
    }

    @Test
    void shouldLetNobodyInWhenOthersCanReadThePassword() throws IOException {
        final Path file = GuiOptions.password(directory);
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThat(gui.tryLogin("piranha", Gui.PASSWORD).statusCode()).isEqualTo(403);
        assertThat(gui.get("/login").body()).contains("0600");
    }

    @ParameterizedTest
    @ValueSource(strings = {"root", "PIRANHA", "piranha:x", ""})
    void shouldKnowOneUserOnly(String user) {
        assertThat(gui.tryLogin(user, Gui.PASSWORD).statusCode()).isEqualTo(403);
    }

    @Test
    void shouldEndSessionAfterLogoutAndWhenIdle() {
        gui.login();
        final String csrf = gui.csrf();
        assertThat(gui.postRaw("/logout", "_csrf", csrf).statusCode()).isEqualTo(303);
        assertThat(gui.get("/control").statusCode()).isEqualTo(303);
        gui.login();
        gui.clock.turn(Duration.ofMinutes(29));
        assertThat(gui.get("/control").statusCode()).isEqualTo(200);
        gui.clock.turn(Duration.ofMinutes(31));
        assertThat(gui.get("/control").statusCode()).isEqualTo(303);
    }

    /** By piranha-passwd, as who has lost a cookie or a password would do. */
    @Test
    void shouldEndSessionsWhenThePasswordIsSetElsewhere() throws IOException {
        gui.login();
        assertThat(gui.get("/control").statusCode()).isEqualTo(200);
        new PasswordFile(GuiOptions.password(directory), Gui.COST).set("another password");
        await("the session ends", () -> gui.get("/control").statusCode() == 303);
        assertThat(gui.tryLogin("piranha", Gui.PASSWORD).statusCode()).isEqualTo(403);
    }

    private static void await(String what, BooleanSupplier condition) {
        final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    @Test
    void shouldSetSessionCookieStrictly() {
        final String cookie = gui.tryLogin("piranha", Gui.PASSWORD)
                .headers()
                .firstValue("Set-Cookie")
                .orElse("");
        assertThat(cookie).contains("HttpOnly").contains("SameSite=Strict").contains("Path=/");
    }

    @Test
    void shouldRefuseAddressesThatAreNotAllowed() {
        try (Gui closed = new Gui(directory, List.of("10.0.0.0/8"), Gui.LIMITS)) {
            assertThat(closed.get("/login").statusCode()).isEqualTo(403);
            assertThat(closed.get("/static/style.css").statusCode()).isEqualTo(403);
        }
        try (Gui open = new Gui(directory, List.of("10.0.0.0/8", "127."), Gui.LIMITS)) {
            assertThat(open.get("/login").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void shouldWantTokenForTheInterfaceAndTheMetrics() throws IOException {
        for (final String path : List.of("/api/v1/status", "/api/v1/config", "/metrics")) {
            assertThat(gui.get(path).statusCode()).as(path).isEqualTo(401);
            assertThat(gui.send(gui.request(path).header("Authorization", "Bearer nonsense"))
                            .statusCode())
                    .as(path)
                    .isEqualTo(401);
        }
        final String token = new TokenFile(GuiOptions.tokens(directory)).create("test");
        assertThat(gui.send(gui.request("/metrics").header("Authorization", "Bearer " + token))
                        .statusCode())
                .isEqualTo(200);
        assertThat(Files.readString(GuiOptions.tokens(directory))).doesNotContain(token);
    }

    @Test
    void shouldWantCsrfTokenForTheInterfaceFromABrowser() {
        gui.login();
        assertThat(gui.send(gui.request("/api/v1/apply").POST(HttpRequest.BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(403);
        assertThat(gui.control.applied).hasValue(0);
    }

    @Test
    void shouldRefusePlainHttpBeyondLoopback() {
        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> GuiOptions.parse(new String[] {"--http", "--listen", "0.0.0.0:3636"})))
                .isInstanceOf(GuiOptions.UsageException.class);
    }
}
