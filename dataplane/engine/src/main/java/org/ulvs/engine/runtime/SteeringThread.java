// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * The thread that replaces steering programs: each replacement waits some 20 ms for the kernel, which neither a worker
 * nor a command should. Sleeps until the plan has changed.
 */
final class SteeringThread implements AutoCloseable {
    private final List<PortGroup> groups;
    private final Thread thread = new Thread(this::run, "steering");
    private volatile boolean running = true;

    SteeringThread(List<PortGroup> groups) {
        this.groups = groups;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** The plan has changed. Any thread. */
    void wake() {
        LockSupport.unpark(thread);
    }

    private void run() {
        while (running) {
            groups.forEach(PortGroup::steer);
            LockSupport.park(this);
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
