// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.check;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** TLS settings of checks, and the one thread on which handshakes are computed. */
final class TlsContexts {
    private static final long IDLE_SECONDS = 10;

    private record Choice(String verify, Optional<String> certificate) {}

    private final Map<Choice, SSLContext> contexts = new HashMap<>();
    private final ExecutorService executor;

    TlsContexts() {
        final ThreadPoolExecutor pool =
                new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    final Thread thread = new Thread(task, "checks-tls");
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        executor = pool;
    }

    void execute(Runnable task, Runnable then) {
        executor.execute(() -> {
            try {
                task.run();
            } finally {
                then.run();
            }
        });
    }

    SSLEngine engine(Probe.Http probe) throws IOException {
        final Choice choice = new Choice(probe.verify(), probe.certificate());
        SSLContext context = contexts.get(choice);
        if (context == null) {
            context = context(choice);
            contexts.put(choice, context);
        }
        final String name = hostName(probe.host());
        final SSLEngine engine = context.createSSLEngine(name, -1);
        engine.setUseClientMode(true);
        final SSLParameters parameters = engine.getSSLParameters();
        if (!name.matches("[0-9.]+|.*:.*")) {
            parameters.setServerNames(List.of(new SNIHostName(name)));
        }
        if (!"none".equals(probe.verify())) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    private static String hostName(String host) {
        final int colon = host.lastIndexOf(':');
        return colon > 0 && host.indexOf(':') == colon ? host.substring(0, colon) : host;
    }

    private static SSLContext context(Choice choice) throws IOException {
        try {
            final SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    choice.certificate().isPresent()
                            ? keys(Path.of(choice.certificate().get()))
                            : null,
                    trust(choice.verify()),
                    null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS settings cannot be used: " + e.getMessage(), e);
        }
    }

    private static TrustManager @Nullable [] trust(String verify) throws IOException, GeneralSecurityException {
        if ("none".equals(verify)) {
            return new TrustManager[] {new TrustAnybody()};
        }
        if ("system".equals(verify)) {
            return null;
        }
        final KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int number = 0;
        try (InputStream in = Files.newInputStream(Path.of(verify))) {
            for (final Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("c" + number++, certificate);
            }
        }
        final TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    /** A PKCS#12 file; its password is in a file of the same name with {@code .password} added, else empty. */
    private static KeyManager[] keys(Path file) throws IOException, GeneralSecurityException {
        final Path passwordFile = Path.of(file + ".password");
        final char[] password = Files.exists(passwordFile)
                ? Files.readString(passwordFile).strip().toCharArray()
                : new char[0];
        final KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, password);
        }
        final KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, password);
        return factory.getKeyManagers();
    }

    void close() {
        executor.shutdownNow();
    }

    /** For checks that ask whether a server works, not who it is. */
    private static final class TrustAnybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {
            // never asked: checks are clients
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {
            // tls_verify = none
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
