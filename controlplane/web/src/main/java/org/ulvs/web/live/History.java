// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.live;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The last five minutes of virtual services and real servers, one sample a second; of so many of them as there is room
 * for, services first, then those that are in the table. Thread-safe.
 */
public final class History {
    /** Samples that are kept. */
    public static final int SAMPLES = 300;

    /** So many services and servers have a past: some 9 kB each. */
    public static final int MAX_TRACKS = 4_096;

    private final Map<String, Track> tracks = new HashMap<>();

    /** What is remembered. */
    public enum Series {
        /** Active connections. */
        ACTIVE,
        /** Inactive connections. */
        INACTIVE,
        /** Connections made a second. */
        CONNECTIONS,
        /** Packets a second from clients. */
        PACKETS_IN,
        /** Packets a second to clients. */
        PACKETS_OUT,
        /** Bytes a second from clients. */
        BYTES_IN,
        /** Bytes a second to clients. */
        BYTES_OUT;

        private static final Series[] ALL = values();
    }

    private static final class Track {
        private final float[][] samples = new float[Series.ALL.length][SAMPLES];
        private int next;
        private int count;
        private int rested;

        void work(long active, long inactive, LiveTable.Figures rates) {
            rested = 0;
            add(active, inactive, rates);
        }

        /** A sample of nothing; whether all that is remembered is nothing. */
        boolean rest() {
            rested++;
            add(0, 0, LiveTable.Figures.ZERO);
            return rested >= SAMPLES;
        }

        private void add(long active, long inactive, LiveTable.Figures rates) {
            set(Series.ACTIVE, active);
            set(Series.INACTIVE, inactive);
            set(Series.CONNECTIONS, rates.connections());
            set(Series.PACKETS_IN, rates.packetsIn());
            set(Series.PACKETS_OUT, rates.packetsOut());
            set(Series.BYTES_IN, rates.bytesIn());
            set(Series.BYTES_OUT, rates.bytesOut());
            next = (next + 1) % SAMPLES;
            count = Math.min(count + 1, SAMPLES);
        }

        private void set(Series series, long value) {
            samples[series.ordinal()][next] = value;
        }

        float[] of(Series series) {
            final float[] ordered = new float[count];
            for (int i = 0; i < count; i++) {
                ordered[i] = samples[series.ordinal()][(next - count + i + SAMPLES) % SAMPLES];
            }
            return ordered;
        }
    }

    /**
     * Adds a sample of everything. What is not in the table, as a server that failed its check or all of a dataplane
     * that restarts, does nothing; it is forgotten when nothing but that is remembered of it.
     */
    public synchronized void onTable(LiveTable table) {
        final Set<String> seen = new HashSet<>();
        for (final LiveTable.Service service : table.services()) {
            add(seen, service.key(), service.active(), service.inactive(), service.rates());
        }
        for (final LiveTable.Service service : table.services()) {
            for (final LiveTable.Server server : service.servers()) {
                add(seen, service.key(server), server.active(), server.inactive(), server.rates());
            }
        }
        tracks.entrySet()
                .removeIf(entry -> !seen.contains(entry.getKey())
                        && (tracks.size() > MAX_TRACKS || entry.getValue().rest()));
    }

    private void add(Set<String> seen, String key, long active, long inactive, LiveTable.Figures rates) {
        if (seen.size() < MAX_TRACKS) {
            seen.add(key);
            tracks.computeIfAbsent(key, ignored -> new Track()).work(active, inactive, rates);
        }
    }

    /**
     * A series, oldest first; empty for what is not remembered.
     *
     * @param key of a service or a server in the live table
     */
    public synchronized float[] samples(String key, Series series) {
        final Track track = tracks.get(key);
        return track == null ? new float[0] : track.of(series);
    }
}
