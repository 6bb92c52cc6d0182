// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.ulvs.web.auth.Session;
import org.ulvs.web.auth.Sessions;

/**
 * Streams of server-sent events. {@link #tick} is called once a second by one thread; a subscriber that has not
 * taken its
 * last event misses this one, and one that has not for ten ticks is cut off.
 */
public final class EventFeed {
    private static final int MAX_SUBSCRIBERS = 64;
    private static final int MAX_MISSED = 10;

    private final Sessions sessions;
    private final Map<Subscriber, Boolean> subscribers = new ConcurrentHashMap<>();

    /** A feed without subscribers. */
    public EventFeed(Sessions sessions) {
        this.sessions = sessions;
    }

    private static final class Subscriber implements Callback {
        private final Response response;
        private final Callback callback;
        private final Session session;
        private final String topic;
        private final AtomicBoolean writing = new AtomicBoolean();
        private final AtomicBoolean ended = new AtomicBoolean();
        private volatile boolean failed;
        private int missed;

        Subscriber(Response response, Callback callback, Session session, String topic) {
            this.response = response;
            this.callback = callback;
            this.session = session;
            this.topic = topic;
        }

        @Override
        public void succeeded() {
            writing.set(false);
        }

        @Override
        public void failed(Throwable cause) {
            failed = true;
            writing.set(false);
        }
    }

    /** Number of subscribers. */
    public int size() {
        return subscribers.size();
    }

    void open(Request request, Response response, Callback callback, Exchange exchange) {
        if (subscribers.size() >= MAX_SUBSCRIBERS) {
            response.setStatus(503);
            response.write(true, ByteBuffer.allocate(0), callback);
            return;
        }
        response.setStatus(200);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/event-stream;charset=utf-8");
        final Subscriber subscriber = new Subscriber(
                response, callback, exchange.loggedIn(), exchange.query().value("topic"));
        subscriber.writing.set(true);
        response.write(false, ByteBuffer.wrap("retry: 3000\n\n".getBytes(StandardCharsets.UTF_8)), subscriber);
        subscribers.put(subscriber, true);
    }

    /**
     * Sends the same event to all who asked for the same topic.
     *
     * @param events the data of a topic's event, in one line
     */
    public void tick(Function<String, String> events) {
        final Map<String, byte[]> made = new HashMap<>();
        for (final Subscriber subscriber : subscribers.keySet()) {
            if (subscriber.failed || subscriber.missed > MAX_MISSED || !sessions.alive(subscriber.session)) {
                end(subscriber);
            } else if (subscriber.writing.compareAndSet(false, true)) {
                subscriber.missed = 0;
                final byte[] data = made.computeIfAbsent(
                        subscriber.topic,
                        topic -> ("data: " + events.apply(topic) + "\n\n").getBytes(StandardCharsets.UTF_8));
                subscriber.response.write(false, ByteBuffer.wrap(data), subscriber);
            } else {
                subscriber.missed++;
            }
        }
    }

    private void end(Subscriber subscriber) {
        subscribers.remove(subscriber);
        if (!subscriber.ended.compareAndSet(false, true)) {
            return;
        }
        if (subscriber.failed || subscriber.writing.get()) {
            subscriber.callback.failed(new java.io.IOException("the reader of events has gone"));
        } else {
            subscriber.response.write(true, ByteBuffer.allocate(0), subscriber.callback);
        }
    }
}
