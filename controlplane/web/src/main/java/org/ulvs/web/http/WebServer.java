// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.http;

import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/** The server on its port: TLS or plain, with limits, behind the gate. */
public final class WebServer implements AutoCloseable {
    private static final int MAX_THREADS = 24;

    private final Server server;
    private final ServerConnector connector;
    private final ScheduledExecutorService sweeper;
    private final ScheduledFuture<?> sweep;

    /**
     * A server that is not started yet.
     *
     * @param address to listen on
     * @param identity certificate and key, or null for plain HTTP
     */
    public WebServer(InetSocketAddress address, @Nullable TlsIdentity identity, Site site) {
        final Limits limits = site.limits();
        final QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, 2);
        threads.setName("web");
        threads.setDaemon(true);
        server = new Server(threads);
        final HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(limits.headerBytes());
        http.setIdleTimeout(limits.idle().toMillis());
        if (identity == null) {
            connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        } else {
            final SecureRequestCustomizer customizer = new SecureRequestCustomizer();
            // clients come by address as well, which a server name indication cannot hold
            customizer.setSniHostCheck(false);
            http.addCustomizer(customizer);
            connector = new ServerConnector(
                    server, 1, 1, new SslConnectionFactory(tls(identity), "http/1.1"), new HttpConnectionFactory(http));
        }
        connector.setHost(address.getHostString());
        connector.setPort(address.getPort());
        connector.setIdleTimeout(limits.idle().toMillis());
        final SlowConnections slow = new SlowConnections(new Gate(site), limits.idle());
        connector.addBean(slow);
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(limits.connections(), connector));
        server.setHandler(slow);
        server.setErrorHandler((request, response, callback) -> {
            Headers.secure(response, request.isSecure());
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain;charset=utf-8");
            response.write(true, BufferUtil.toBuffer("Error " + response.getStatus() + "\n"), callback);
            return true;
        });
        // connections that browsers keep open would only hold it up
        server.setStopTimeout(0);
        sweeper = Executors.newSingleThreadScheduledExecutor(task -> {
            final Thread thread = new Thread(task, "web-sweeper");
            thread.setDaemon(true);
            return thread;
        });
        sweep = sweeper.scheduleWithFixedDelay(slow::sweep, 1, 1, TimeUnit.SECONDS);
    }

    private static SslContextFactory.Server tls(TlsIdentity identity) {
        final SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setKeyStore(identity.keyStore());
        tls.setKeyStorePassword(identity.password());
        tls.setIncludeProtocols("TLSv1.3", "TLSv1.2");
        tls.setSniRequired(false);
        return tls;
    }

    /**
     * Begins to listen.
     *
     * @throws java.io.IOException if it cannot, as when the port is taken
     */
    public void start() throws java.io.IOException {
        try {
            server.start();
            rehearse();
        } catch (java.io.IOException e) {
            throw e;
        } catch (Exception e) {
            throw new java.io.IOException(e.getMessage(), e);
        }
    }

    /** Answers one request inside of this process, so that the first one from outside finds all classes loaded. */
    private void rehearse() throws Exception {
        final LocalConnector inside = new LocalConnector(server);
        inside.start();
        inside.getResponse("GET /login HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        inside.stop();
    }

    /** The port that it listens on. */
    public int port() {
        return connector.getLocalPort();
    }

    /** Waits until it has been stopped. */
    public void join() throws InterruptedException {
        server.join();
    }

    @Override
    public void close() {
        sweep.cancel(false);
        sweeper.shutdownNow();
        try {
            server.stop();
        } catch (Exception e) {
            org.slf4j.LoggerFactory.getLogger(WebServer.class).warn("stopping", e);
        }
    }
}
