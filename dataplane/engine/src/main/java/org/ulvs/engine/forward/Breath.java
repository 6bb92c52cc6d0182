// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.forward;

import static org.ulvs.cnc.ConnectionLayout.TICK_NS;

import org.agrona.concurrent.EpochClock;
import org.jspecify.annotations.Nullable;
import org.ulvs.engine.table.Director;
import org.ulvs.engine.table.ServiceTable;
import org.ulvs.engine.table.Timeouts;
import org.ulvs.rules.Classifier;
import org.ulvs.wire.FrameSink;

/**
 * What holds for one batch of one worker: the time, the published tables as read once, and where frames leave. Owned by
 * the worker; refreshed by the {@link Forwarder}.
 */
final class Breath {
    private static final int MILLIS_PER_DAY = 86_400_000;

    private final Director director;
    private final EpochClock epochClock;
    private ServiceTable services;
    private Timeouts timeouts;
    private Classifier classifier;
    private @Nullable FrameSink sink;
    private long nowNs;
    private int ticks;

    Breath(Director director, EpochClock epochClock) {
        this.director = director;
        this.epochClock = epochClock;
        this.services = director.services();
        this.timeouts = director.timeouts();
        this.classifier = director.classifier();
    }

    void begin(FrameSink batchSink, long now) {
        sink = batchSink;
        nowNs = now;
        ticks = ticks(now);
        services = director.services();
        timeouts = director.timeouts();
        classifier = director.classifier();
    }

    /** Ticks of 10 ms of a clock in nanoseconds; wraps. */
    static int ticks(long nowNs) {
        return (int) (nowNs / TICK_NS);
    }

    ServiceTable services() {
        return services;
    }

    Timeouts timeouts() {
        return timeouts;
    }

    Classifier classifier() {
        return classifier;
    }

    FrameSink sink() {
        final FrameSink current = sink;
        if (current == null) {
            throw new IllegalStateException("no batch has begun");
        }
        return current;
    }

    long nowNs() {
        return nowNs;
    }

    long nowMillis() {
        return nowNs / 1_000_000;
    }

    /** Milliseconds since midnight, universal time, read when called. */
    int utcMillisOfDay() {
        return (int) (epochClock.time() % MILLIS_PER_DAY);
    }

    int ticks() {
        return ticks;
    }
}
