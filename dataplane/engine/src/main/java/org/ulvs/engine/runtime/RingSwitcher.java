// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The thread that replaces steering programs: each replacement waits some 20 ms for the kernel, which neither a worker
 * nor a command should. Sleeps until a load or the plan has changed.
 */
final class RingSwitcher implements AutoCloseable {
    private static final long SOON_NS = TimeUnit.MICROSECONDS.toNanos(200);
    private static final long LATER_NS = TimeUnit.SECONDS.toNanos(1);

    private final List<PortGroup> groups;
    private final Thread thread = new Thread(this::run, "switcher");
    private volatile boolean running = true;

    RingSwitcher(List<PortGroup> groups) {
        this.groups = groups;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Something has changed. Any thread; a system call only if the thread sleeps. */
    void wake() {
        LockSupport.unpark(thread);
    }

    private void run() {
        while (running) {
            boolean again = false;
            for (final PortGroup group : groups) {
                again |= group.adjust();
            }
            LockSupport.parkNanos(again ? SOON_NS : LATER_NS);
        }
    }

    @Override
    public void close() {
        running = false;
        wake();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (final InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
