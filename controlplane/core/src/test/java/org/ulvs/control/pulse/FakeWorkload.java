// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.pulse;

import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.ulvs.control.lvs.LvsEvents;
import org.ulvs.control.lvs.LvsStatus;
import org.ulvs.control.lvs.Workload;
import org.ulvs.control.lvscf.Configuration;

/** Work that is done at once. */
final class FakeWorkload implements Workload {
    final AtomicInteger configurations = new AtomicInteger();
    private final LvsEvents events;
    private final CountDownLatch closed = new CountDownLatch(1);

    FakeWorkload(LvsEvents events) {
        this.events = events;
    }

    @Override
    public boolean serves(Configuration candidate) {
        return false;
    }

    @Override
    public void configure(Configuration changed, Optional<String> markRules) {
        configurations.incrementAndGet();
    }

    @Override
    public void activate() {
        events.onActivated();
    }

    @Override
    public void adopt() {
        events.onActivated();
    }

    @Override
    public void deactivate() {
        events.onDeactivated();
    }

    @Override
    public void announceAgain() {
        // nothing to announce
    }

    @Override
    public LvsStatus status() {
        return LvsStatus.NONE;
    }

    @Override
    public void run() {
        events.onDataplane(true);
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
