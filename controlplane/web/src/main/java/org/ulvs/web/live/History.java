// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.live;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The last five minutes of each virtual service and real server, one sample a second. Thread-safe. */
public final class History {
    /** Samples that are kept. */
    public static final int SAMPLES = 300;

    private final Map<String, Track> tracks = new HashMap<>();

    private static final class Track {
        private final int[] connections = new int[SAMPLES];
        private final float[] opened = new float[SAMPLES];
        private final float[] rates = new float[SAMPLES];
        private int next;
        private int count;

        void add(int active, float cps, float rate) {
            connections[next] = active;
            opened[next] = cps;
            rates[next] = rate;
            next = (next + 1) % SAMPLES;
            count = Math.min(count + 1, SAMPLES);
        }
    }

    /** Name of a server's track. */
    public static String key(LiveTable.Service service, LiveTable.Server server) {
        return service.key() + '>' + server.endpoint();
    }

    /** Adds a sample of everything; what is gone is forgotten. */
    public synchronized void onTable(LiveTable table) {
        final Set<String> seen = new HashSet<>();
        for (final LiveTable.Service service : table.services()) {
            add(seen, service.key(), service.active(), service.rates());
            for (final LiveTable.Server server : service.servers()) {
                add(seen, key(service, server), server.active(), server.rates());
            }
        }
        tracks.keySet().retainAll(seen);
    }

    private void add(Set<String> seen, String key, long active, LiveTable.Figures rates) {
        seen.add(key);
        tracks.computeIfAbsent(key, ignored -> new Track())
                .add((int) active, (float) rates.connections(), rates.bytesIn() + (float) rates.bytesOut());
    }

    /** Active connections, oldest first. */
    public synchronized List<Integer> connections(String key) {
        final List<Integer> samples = new ArrayList<>();
        final Track track = tracks.get(key);
        if (track != null) {
            for (int i = 0; i < track.count; i++) {
                samples.add(track.connections[(track.next - track.count + i + SAMPLES) % SAMPLES]);
            }
        }
        return samples;
    }

    /** Connections made a second, oldest first. */
    public synchronized List<Float> opened(String key) {
        return floats(tracks.get(key), true);
    }

    /** Bytes a second both ways, oldest first. */
    public synchronized List<Float> bytes(String key) {
        return floats(tracks.get(key), false);
    }

    private static List<Float> floats(@Nullable Track track, boolean opened) {
        final List<Float> samples = new ArrayList<>();
        if (track != null) {
            final float[] of = opened ? track.opened : track.rates;
            for (int i = 0; i < track.count; i++) {
                samples.add(of[(track.next - track.count + i + SAMPLES) % SAMPLES]);
            }
        }
        return samples;
    }
}
