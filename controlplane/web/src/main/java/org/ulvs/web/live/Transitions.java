// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.live;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What has changed from one status of pulse to the next since this process started. Thread-safe. */
final class Transitions {
    private static final int KEPT = 1_000;

    private final Map<String, String> servers = new HashMap<>();
    private final Deque<ChangeLog.Event> newest = new ArrayDeque<>();
    private @Nullable String state;

    /** Looks at a status; the first one only says how things are. */
    synchronized void onStatus(JsonNode status) {
        final long now = status.path("writtenMs").asLong(0);
        final String present = status.path("state").asString("");
        final boolean first = state == null;
        if (!first && !present.equals(state)) {
            add(now, "failover", "this director: " + state + " -> " + present);
        }
        state = present;
        for (final JsonNode service : status.path("lvs").path("services")) {
            for (final JsonNode server : service.path("servers")) {
                final String name = server.path("name").asString("");
                final String is = server.path("state").asString("");
                final String was = servers.put(name, is);
                if (!first && !is.equals(was)) {
                    final long since = server.path("since").asLong(0);
                    add(
                            since > 0 ? since : now,
                            "health",
                            name + ' ' + is + ": " + server.path("reason").asString(""));
                }
            }
        }
    }

    private void add(long timeMs, String kind, String text) {
        newest.addFirst(new ChangeLog.Event(timeMs, kind, "pulse", "", text));
        if (newest.size() > KEPT) {
            newest.removeLast();
        }
    }

    /** The newest, newest first. */
    synchronized List<ChangeLog.Event> newest(int count) {
        return newest.stream().limit(count).toList();
    }
}
