// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

import java.util.concurrent.atomic.AtomicLong;

/** A real server with an atomic word of counts, as the engine keeps one. */
final class FakeServer {
    final int id;
    final int address;
    final int port;
    final AtomicLong counts = new AtomicLong();
    volatile int weight;
    volatile int lastWeight;
    volatile int upperThreshold;
    volatile int lowerThreshold;

    FakeServer(final int id, final int address, final int port, final int weight) {
        this.id = id;
        this.address = address;
        this.port = port;
        this.weight = weight;
        lastWeight = weight;
    }

    FakeServer withThresholds(final int upper, final int lower) {
        upperThreshold = upper;
        lowerThreshold = lower;
        return this;
    }

    FakeServer withConnections(final int active, final int inactive) {
        counts.set(Counts.change(counts.get(), active, inactive));
        return this;
    }

    /** ipvsadm -e, as the kernel does it. */
    void edit(final int newWeight, final int upper, final int lower) {
        if (newWeight != 0) {
            lastWeight = newWeight;
        }
        weight = newWeight;
        if (upper == 0 || upper > upperThreshold) {
            counts.updateAndGet(word -> Counts.withOverload(word, false));
        }
        upperThreshold = upper;
        lowerThreshold = lower;
    }

    void unbind(final boolean active) {
        counts.updateAndGet(word -> Counts.unbound(word, active, upperThreshold, lowerThreshold));
    }

    void move(final boolean toActive) {
        counts.updateAndGet(word -> Counts.change(word, toActive ? 1 : -1, toActive ? -1 : 1));
    }

    boolean isOverloaded() {
        return Counts.isOverloaded(counts.get());
    }
}
