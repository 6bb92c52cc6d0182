// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.bench.pipeline;

import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.ulvs.shim.HugeMemory;

/**
 * How fast the machine is around an iteration: a piece of work that never changes, arithmetic and reads all over more
 * memory than the caches hold, in about the proportion of a packet's way. Measured before and after each iteration,
 * outside of what is timed; a benchmark has it as a parameter and leaves it alone.
 */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.EVENTS)
public class Yardstick {
    /** Name of the figure among an iteration's results. */
    static final String FIGURE = "yardstickMicros";

    private static final int LENGTH_BITS = 26;
    private static final int REPETITIONS = 4;
    private static final int STEPS = 1_000_000;
    private static final int READS = 100_000;

    /** Of all that was read and computed, or the compiler would leave it out. */
    long sum;

    private final UnsafeBuffer memory = HugeMemory.anonymous(1 << LENGTH_BITS);
    private double before;
    private double after;

    /** Looks before the iteration. */
    @Setup(Level.Iteration)
    public void measureBefore() {
        before = leastMicros();
    }

    /** Looks after it. */
    @TearDown(Level.Iteration)
    public void measureAfter() {
        after = leastMicros();
    }

    /** The iteration's figure: the slower look. */
    public double yardstickMicros() {
        return Math.max(before, after);
    }

    /** The least of some repetitions, since an interrupt says nothing about the speed. */
    private double leastMicros() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < REPETITIONS; i++) {
            final long began = System.nanoTime();
            sum += arithmetic() + reads();
            least = Math.min(least, System.nanoTime() - began);
        }
        return least / 1000.0;
    }

    private static long arithmetic() {
        final Sequence sequence = new Sequence();
        long result = 0;
        for (int i = 0; i < STEPS; i++) {
            result += sequence.next(1 << LENGTH_BITS) % 7;
        }
        return result;
    }

    private long reads() {
        long place = 0;
        long result = 0;
        for (int i = 0; i < READS; i++) {
            place += 0x9E37_79B9_7F4A_7C15L;
            result += memory.getLong((int) (place >>> (Long.SIZE - LENGTH_BITS)) & -Long.BYTES);
        }
        return result;
    }
}
