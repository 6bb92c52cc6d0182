// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.bench.pipeline;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Bytes that the code under measurement allocates, and nothing else: the measuring itself does, outside of it. */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.EVENTS)
public class Allocation {
    /** Name of the figure among a run's results. */
    static final String FIGURE = "allocatedBytes";

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Bytes of an iteration. */
    public long allocatedBytes;

    void begin() {
        allocatedBytes -= THREADS.getCurrentThreadAllocatedBytes();
    }

    void end() {
        allocatedBytes += THREADS.getCurrentThreadAllocatedBytes();
    }
}
