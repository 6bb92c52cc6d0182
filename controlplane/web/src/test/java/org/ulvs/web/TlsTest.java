// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulvs.web.http.Limits;
import org.ulvs.web.http.TlsIdentity;

/** HTTPS with a certificate of the tool's own making, or with one that is given. */
class TlsTest {
    private static final String SECRET = "changeit";

    @TempDir
    private Path directory;

    private KeyStore made() throws IOException, InterruptedException, GeneralSecurityException {
        final Path file = directory.resolve("made.p12");
        final Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "own",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        SECRET)
                .inheritIO()
                .start();
        assertThat(keytool.waitFor()).isZero();
        final KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, SECRET.toCharArray());
        }
        return store;
    }

    private Path pem(String name, String kind, byte[] bytes) throws IOException {
        return Files.writeString(
                directory.resolve(name),
                "-----BEGIN " + kind + "-----\n"
                        + Base64.getMimeEncoder().encodeToString(bytes)
                        + "\n-----END " + kind + "-----\n");
    }

    private static SSLContext trusting(Certificate certificate) throws IOException, GeneralSecurityException {
        final KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("own", certificate);
        final TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        final SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private PiranhaGui start(TlsIdentity identity) throws IOException {
        return start(identity, Gui.LIMITS);
    }

    private PiranhaGui start(TlsIdentity identity, Limits limits) throws IOException {
        final Path lvsCf = directory.resolve("lvs.cf");
        return PiranhaGui.start(
                new GuiOptions(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        false,
                        directory,
                        lvsCf,
                        directory.resolve("dataplane"),
                        List.of(),
                        null,
                        null),
                identity,
                new TurnableClock(),
                limits,
                new FakeControlPlane(lvsCf),
                Gui.COST);
    }

    @Test
    void shouldMakeACertificateAtTheFirstStartAndKeepIt() throws IOException {
        final Path file = directory.resolve("piranha.p12");
        final TlsIdentity first = TlsIdentity.loadOrCreate(file);
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(TlsIdentity.loadOrCreate(file).fingerprint()).isEqualTo(first.fingerprint());
    }

    @Test
    void shouldServeTheCertificateThatIsGivenAndNothingInPlainText() throws Exception {
        final KeyStore store = made();
        final Certificate certificate = store.getCertificate("own");
        final TlsIdentity identity = TlsIdentity.ofPem(
                pem("chain.pem", "CERTIFICATE", certificate.getEncoded()),
                pem(
                        "key.pem",
                        "PRIVATE KEY",
                        store.getKey("own", SECRET.toCharArray()).getEncoded()));
        try (PiranhaGui gui = start(identity)) {
            final HttpClient client =
                    HttpClient.newBuilder().sslContext(trusting(certificate)).build();
            final HttpResponse<String> page = client.send(
                    HttpRequest.newBuilder(URI.create("https://localhost:" + gui.port() + "/login"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.headers().firstValue("Set-Cookie").orElse(""))
                    .startsWith("__Host-piranha-login=")
                    .contains("; HttpOnly; SameSite=Strict; Secure");
            assertThat(page.headers().firstValue("Strict-Transport-Security")).isPresent();
            try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), gui.port())) {
                plain.setSoTimeout(90_000);
                plain.getOutputStream()
                        .write("GET /login HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(new String(plain.getInputStream().readNBytes(100), StandardCharsets.ISO_8859_1))
                        .doesNotStartWith("HTTP/1.1 200");
            }
        }
    }

    /** The greeting of a client that says one byte of it now and then. */
    @Test
    void shouldEndSlowHandshake() throws Exception {
        try (PiranhaGui gui = start(TlsIdentity.loadOrCreate(directory.resolve("own.p12")), Gui.IMPATIENT);
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), gui.port())) {
            socket.setSoTimeout(50);
            // a record of TLS 1.0 with a ClientHello of 8 KiB to come
            socket.getOutputStream().write(new byte[] {22, 3, 1, 0x20, 0, 1, 0, 0x1f, (byte) 0xfc, 3, 3});
            assertThat(SecurityTest.endsWhile(socket)).isTrue();
        }
    }

    @Test
    void shouldSayWhatIsWrongWithAGivenKey() throws Exception {
        final KeyStore store = made();
        final Path chain =
                pem("chain.pem", "CERTIFICATE", store.getCertificate("own").getEncoded());
        final Path key = pem("key.pem", "EC PRIVATE KEY", new byte[] {1, 2, 3});
        assertThatThrownBy(() -> TlsIdentity.ofPem(chain, key))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("key.pem holds no unencrypted PKCS#8 key");
    }
}
