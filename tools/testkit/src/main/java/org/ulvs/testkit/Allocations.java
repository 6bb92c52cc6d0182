// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.testkit;

import java.lang.management.ManagementFactory;

/** Measures what a piece of code allocates on this thread. */
public final class Allocations {
    private Allocations() {}

    /** Bytes that {@code runs} runs allocate, after {@code warmUp} runs that do not count. */
    public static long of(final int warmUp, final int runs, final Runnable code) {
        final com.sun.management.ThreadMXBean threads =
                (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long thread = Thread.currentThread().getId();
        for (int i = 0; i < warmUp; i++) {
            code.run();
        }
        // what the measuring itself costs
        final long empty = -threads.getThreadAllocatedBytes(thread) + threads.getThreadAllocatedBytes(thread);
        final long before = threads.getThreadAllocatedBytes(thread);
        for (int i = 0; i < runs; i++) {
            code.run();
        }
        return threads.getThreadAllocatedBytes(thread) - before - empty;
    }
}
