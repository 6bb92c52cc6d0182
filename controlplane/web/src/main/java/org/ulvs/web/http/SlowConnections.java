// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.http;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.Callback;

/**
 * Ends connections that have had no whole request for too long, however often they send a byte. Jetty's own idle time
 * starts afresh with each byte.
 */
final class SlowConnections extends Handler.Wrapper implements Connection.Listener {
    private final Map<EndPoint, Long> waitingSinceNs = new ConcurrentHashMap<>();
    private final long longestNs;

    SlowConnections(Handler next, Duration longest) {
        super(next);
        this.longestNs = longest.toNanos();
    }

    @Override
    public void onOpened(Connection connection) {
        if (connection instanceof HttpConnection) {
            waitingSinceNs.put(connection.getEndPoint(), System.nanoTime());
        }
    }

    @Override
    public void onClosed(Connection connection) {
        waitingSinceNs.remove(connection.getEndPoint());
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        final EndPoint endPoint =
                request.getConnectionMetaData().getConnection().getEndPoint();
        waitingSinceNs.remove(endPoint);
        Request.addCompletionListener(request, failure -> {
            if (endPoint.isOpen()) {
                waitingSinceNs.put(endPoint, System.nanoTime());
            }
        });
        return super.handle(request, response, callback);
    }

    /** Ends those that are over their time. */
    void sweep() {
        final long now = System.nanoTime();
        waitingSinceNs.forEach((endPoint, since) -> {
            if (now - since > longestNs) {
                waitingSinceNs.remove(endPoint);
                endPoint.close();
            }
        });
    }
}
