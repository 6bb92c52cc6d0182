// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.auth;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Somebody who has logged in. Thread-safe. */
public final class Session {
    private static final int MAX_KEPT = 16;

    private final String id;
    private final String user;
    private final String remote;
    private final long openedMs;
    private final String csrf = Secrets.random();
    private final Map<String, Object> kept = new LinkedHashMap<>();
    private long usedMs;
    private String notice = "";

    Session(String id, String user, String remote, long nowMs) {
        this.id = id;
        this.user = user;
        this.remote = remote;
        this.openedMs = nowMs;
        this.usedMs = nowMs;
    }

    String id() {
        return id;
    }

    /** Who. */
    public String user() {
        return user;
    }

    /** The address from which the session was opened. */
    public String remote() {
        return remote;
    }

    /** The word that every form of this session carries. */
    public String csrf() {
        return csrf;
    }

    synchronized boolean alive(long nowMs) {
        return nowMs - usedMs <= Sessions.IDLE.toMillis() && nowMs - openedMs <= Sessions.LONGEST.toMillis();
    }

    synchronized void touch(long nowMs) {
        usedMs = nowMs;
    }

    /** Keeps something for a later request and returns the word to ask for it; only the newest are kept. */
    public synchronized String keep(Object thing) {
        final String key = Secrets.random().substring(0, 16);
        kept.put(key, thing);
        if (kept.size() > MAX_KEPT) {
            kept.remove(kept.keySet().iterator().next());
        }
        return key;
    }

    /** What was kept under a word. */
    public synchronized <T> Optional<T> kept(String key, Class<T> type) {
        return Optional.ofNullable(kept.get(key)).filter(type::isInstance).map(type::cast);
    }

    /** Forgets what was kept under a word. */
    public synchronized void forget(String key) {
        kept.remove(key);
    }

    /** Sets what the next page says at its top. */
    public synchronized void notice(String text) {
        notice = text;
    }

    /** What the next page says at its top, once. */
    public synchronized String takeNotice() {
        final String text = notice;
        notice = "";
        return text;
    }
}
