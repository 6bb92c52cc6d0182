// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.auth;

import java.time.Clock;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The sessions of this process, known by the digest of their secret. Thread-safe. */
public final class Sessions {
    /** A session without a request for so long ends. */
    public static final Duration IDLE = Duration.ofMinutes(30);
    /** A session ends after so long in any case. */
    public static final Duration LONGEST = Duration.ofHours(12);

    private static final int MAX_SESSIONS = 200;

    private final Clock clock;
    private final Map<String, Session> sessions = new LinkedHashMap<>();

    /** No sessions. */
    public Sessions(Clock clock) {
        this.clock = clock;
    }

    /** A new session and the secret of its cookie. The oldest session makes room where there are too many. */
    public synchronized Opened open(String user, String remote) {
        final Iterator<Session> all = sessions.values().iterator();
        if (sessions.size() >= MAX_SESSIONS && all.hasNext()) {
            all.next();
            all.remove();
        }
        final String secret = Secrets.random();
        final Session session = new Session(Secrets.digest(secret), user, remote, clock.millis());
        sessions.put(session.id(), session);
        return new Opened(secret, session);
    }

    /** A session and the secret that only its browser knows. */
    public record Opened(String secret, Session session) {}

    /** The session of a cookie, if it is still good; it counts as used now. */
    public synchronized Optional<Session> find(String secret) {
        final long now = clock.millis();
        sessions.values().removeIf(session -> !session.alive(now));
        final Session session = sessions.get(Secrets.digest(secret));
        if (session == null) {
            return Optional.empty();
        }
        session.touch(now);
        return Optional.of(session);
    }

    /** Whether a session is still good, without using it. */
    public synchronized boolean alive(Session session) {
        return sessions.containsKey(session.id()) && session.alive(clock.millis());
    }

    /** Ends one session. */
    public synchronized void close(Session session) {
        sessions.remove(session.id());
    }

    /** Ends all sessions. */
    public synchronized void closeAll() {
        sessions.clear();
    }

    /** Ends all sessions but one. */
    public synchronized void closeOthers(Session session) {
        sessions.keySet().removeIf(id -> !id.equals(session.id()));
    }
}
