// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.ulvs.web.auth.PrivateFiles;
import org.ulvs.web.auth.Secrets;

/**
 * Certificate and key of the server.
 *
 * @param keyStore holds both
 * @param password of the store in memory
 */
public record TlsIdentity(KeyStore keyStore, String password) {
    private static final String ALIAS = "piranha";
    /** The file's mode protects the key; a password beside it would add nothing, but the format wants one. */
    private static final String STORE_PASSWORD = "piranha-gui";

    private static final long KEYTOOL_SECONDS = 60;

    /** The SHA-256 fingerprint of the certificate, as browsers show it. */
    public String fingerprint() throws IOException {
        try {
            final Certificate certificate =
                    keyStore.getCertificate(keyStore.aliases().nextElement());
            final byte[] digest =
                    java.security.MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            return HexFormat.ofDelimiter(":").withUpperCase().formatHex(digest);
        } catch (GeneralSecurityException e) {
            throw new IOException("the certificate cannot be read: " + e.getMessage(), e);
        }
    }

    /** Reads the certificate that was made at an earlier start, or makes one now that is valid for ten years. */
    public static TlsIdentity loadOrCreate(Path file) throws IOException {
        if (!Files.exists(file)) {
            create(file);
        }
        if (!PrivateFiles.OWNER_ONLY.containsAll(Files.getPosixFilePermissions(file))) {
            throw new IOException(file + " can be read by others than its owner; its mode must be 0600");
        }
        try (InputStream in = Files.newInputStream(file)) {
            final KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, STORE_PASSWORD.toCharArray());
            return new TlsIdentity(store, STORE_PASSWORD);
        } catch (GeneralSecurityException e) {
            throw new IOException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static void create(Path file) throws IOException {
        final Path parent = file.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IOException(file + " is not a file");
        }
        final Path directory = Files.createTempDirectory(
                parent,
                ".certificate",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        final Path made = directory.resolve("piranha.p12");
        try {
            final String host = hostName();
            final Process keytool = new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-alias",
                            ALIAS,
                            "-keyalg",
                            "EC",
                            "-groupname",
                            "secp256r1",
                            "-dname",
                            "CN=" + host,
                            "-ext",
                            "san=dns:" + host + ",dns:localhost,ip:127.0.0.1",
                            "-validity",
                            "3650",
                            "-storetype",
                            "PKCS12",
                            "-keystore",
                            made.toString(),
                            "-storepass",
                            STORE_PASSWORD))
                    .redirectErrorStream(true)
                    .start();
            keytool.getOutputStream().close();
            final String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!keytool.waitFor(KEYTOOL_SECONDS, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
                keytool.destroyForcibly();
                throw new IOException("keytool could not make a certificate: " + said.strip());
            }
            PrivateFiles.replace(file, Files.readAllBytes(made));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while making a certificate", e);
        } finally {
            Files.deleteIfExists(made);
            Files.deleteIfExists(directory);
        }
    }

    private static String hostName() {
        try {
            final String name = InetAddress.getLocalHost().getHostName();
            return name.matches("[A-Za-z0-9.-]{1,60}") ? name : "localhost";
        } catch (java.net.UnknownHostException e) {
            return "localhost";
        }
    }

    /**
     * Reads a certificate of one's own.
     *
     * @param chain PEM file, the server's certificate first
     * @param key PEM file with an unencrypted PKCS#8 key
     */
    public static TlsIdentity ofPem(Path chain, Path key) throws IOException {
        try {
            final Certificate[] certificates = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(chain)))
                    .toArray(Certificate[]::new);
            if (certificates.length == 0 || !(certificates[0] instanceof X509Certificate first)) {
                throw new IOException(chain + " holds no certificate");
            }
            final String password = Secrets.random();
            final KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(
                    ALIAS, privateKey(key, first.getPublicKey().getAlgorithm()), password.toCharArray(), certificates);
            return new TlsIdentity(store, password);
        } catch (GeneralSecurityException e) {
            throw new IOException(chain + " and " + key + " do not make a certificate: " + e.getMessage(), e);
        }
    }

    private static PrivateKey privateKey(Path file, String algorithm) throws IOException, GeneralSecurityException {
        final StringBuilder text = new StringBuilder();
        boolean inside = false;
        for (final String line : Files.readAllLines(file, StandardCharsets.US_ASCII)) {
            if (line.startsWith("-----")) {
                inside = line.equals("-----BEGIN PRIVATE KEY-----");
            } else if (inside) {
                text.append(line.strip());
            }
        }
        if (text.isEmpty()) {
            throw new IOException(file + " holds no unencrypted PKCS#8 key (BEGIN PRIVATE KEY)");
        }
        return KeyFactory.getInstance(algorithm)
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(text.toString())));
    }
}
