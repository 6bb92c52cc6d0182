// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

import org.agrona.concurrent.AtomicBuffer;

/**
 * Layout of the mapped file {@code servers.dat}: one record a real server (and one a virtual service, for its
 * estimator), found by slot number. All workers and the conductor write it, any process may read it. Native byte order,
 * all fields aligned to their size.
 *
 * <pre>
 *  file:   | header line (64) | record 0 | record 1 | ...
 *  record: | shared line (64) | estimator (128) | worker 0's statistics (64) | worker 1's ... |
 *
 *  shared line                               statistics of one worker (single writer)
 *   0  int64 connection counts and OVERLOAD   0  int64 connections
 *   8  int32 persistent connections           8  int64 packets in
 *  12  int32 flags (AVAILABLE)               16  int64 packets out
 *  16  int32 weight                          24  int64 bytes in
 *  20  int32 upper threshold                 32  int64 bytes out
 *  24  int32 lower threshold
 *  28  int32 references: connections and     estimator (written by the conductor only)
 *            templates that point here        0  5 x int64 zero base, in the order of the statistics
 *                                            40  5 x int64 totals at the last tick
 *                                            80  5 x int64 averages: packets and connections a second << 10,
 *                                                                    bytes a second << 5
 *                                           120  int64 unused
 * </pre>
 *
 * <p>Statistics of a virtual service are the sum over its servers plus {@link #folded} of its own record, which holds
 * what servers counted that are gone.
 */
public final class ServerRecords {
    /** Version of this layout. */
    public static final int VERSION = 1;
    /** Figures in a statistics block: connections, packets in and out, bytes in and out. */
    public static final int FIGURES = 5;
    /** Flag: the server is part of its service (not deleted). */
    public static final int AVAILABLE = 1;

    private static final int HEADER_LENGTH = 64;
    private static final int SHARED_LENGTH = 64;
    private static final int ESTIMATOR_LENGTH = 128;
    private static final long WORKER_LENGTH = 64;
    private static final long FIGURE_LENGTH = Long.BYTES;
    private static final int VERSION_OFFSET = 0;
    private static final int SLOTS_OFFSET = 4;
    private static final int WORKERS_OFFSET = 8;
    private static final int PERSISTENT_OFFSET = 8;
    private static final int FLAGS_OFFSET = 12;
    private static final int WEIGHT_OFFSET = 16;
    private static final int UPPER_OFFSET = 20;
    private static final int LOWER_OFFSET = 24;
    private static final int REFERENCES_OFFSET = 28;
    private static final int LAST_WEIGHT_OFFSET = 32;
    private static final int ACTIVE_SHIFT = 40;
    private static final int INACTIVE_SHIFT = 16;
    private static final long COUNT_MASK = 0xFF_FFFF;
    private static final long OVERLOADED = 0x8000;

    private final MappedMemory buffer;
    private final int slots;
    private final int workers;
    private final int recordLength;

    private ServerRecords(AtomicBuffer buffer, int slots, int workers) {
        this.buffer = new MappedMemory(buffer);
        this.slots = slots;
        this.workers = workers;
        this.recordLength = recordLength(workers);
    }

    private static int recordLength(int workers) {
        return (int) (SHARED_LENGTH + ESTIMATOR_LENGTH + workers * WORKER_LENGTH);
    }

    /** Bytes of a file for so many slots and workers. */
    public static long fileLength(int slots, int workers) {
        return HEADER_LENGTH + (long) slots * recordLength(workers);
    }

    /** Writes the header of a new, zeroed file. */
    public static ServerRecords create(AtomicBuffer buffer, int slots, int workers) {
        buffer.putInt(SLOTS_OFFSET, slots);
        buffer.putInt(WORKERS_OFFSET, workers);
        buffer.putIntRelease(VERSION_OFFSET, VERSION);
        return new ServerRecords(buffer, slots, workers);
    }

    /**
     * Opens an existing file.
     *
     * @throws IllegalStateException if the file has another version or is shorter than its header says
     */
    public static ServerRecords open(AtomicBuffer buffer) {
        final int version = buffer.getIntAcquire(VERSION_OFFSET);
        if (version != VERSION) {
            throw new IllegalStateException("servers.dat has layout version " + version + ", expected " + VERSION);
        }
        final int slots = buffer.getInt(SLOTS_OFFSET);
        final int workers = buffer.getInt(WORKERS_OFFSET);
        if (buffer.capacity() < fileLength(slots, workers)) {
            throw new IllegalStateException("servers.dat is truncated: " + buffer.capacity() + " bytes");
        }
        return new ServerRecords(buffer, slots, workers);
    }

    /** Number of records. */
    public int slots() {
        return slots;
    }

    /** Number of workers that have statistics. */
    public int workers() {
        return workers;
    }

    private long record(int slot) {
        return HEADER_LENGTH + (long) slot * recordLength;
    }

    /** Zeroes a whole record. Conductor only, while nothing refers to it. */
    public void clear(int slot) {
        buffer.buffer().setMemory((int) record(slot), recordLength, (byte) 0);
    }

    /** The word of connection counts (see the schedulers' Counts): volatile. */
    public long counts(int slot) {
        return buffer.getLongVolatile(record(slot));
    }

    /** Active connections: bits 40 to 63 of the word of counts. */
    public int activeConnections(int slot) {
        return (int) (counts(slot) >>> ACTIVE_SHIFT);
    }

    /** Inactive connections: bits 16 to 39 of the word of counts. */
    public int inactiveConnections(int slot) {
        return (int) (counts(slot) >>> INACTIVE_SHIFT & COUNT_MASK);
    }

    /** Whether the server is over its upper threshold: bit 15 of the word of counts. */
    public boolean isOverloaded(int slot) {
        return (counts(slot) & OVERLOADED) != 0;
    }

    /** Changes the word of connection counts if it is still as expected. */
    public boolean compareAndSetCounts(int slot, long expected, long update) {
        return buffer.compareAndSetLong(record(slot), expected, update);
    }

    /** Sets the word of connection counts. Conductor only, at adoption. */
    public void counts(int slot, long counts) {
        buffer.putLongVolatile(record(slot), counts);
    }

    /** Persistence templates of the server. */
    public int persistent(int slot) {
        return buffer.getIntVolatile(record(slot) + PERSISTENT_OFFSET);
    }

    /** Adds to the number of persistence templates. */
    public void addPersistent(int slot, int delta) {
        buffer.getAndAddInt(record(slot) + PERSISTENT_OFFSET, delta);
    }

    /** {@link #AVAILABLE} or 0. */
    public int flags(int slot) {
        return buffer.getIntVolatile(record(slot) + FLAGS_OFFSET);
    }

    /** Whether the server is part of its service: a plain read, for workers. */
    public boolean isAvailable(int slot) {
        return (buffer.getInt(record(slot) + FLAGS_OFFSET) & AVAILABLE) != 0;
    }

    /** Sets and clears flags atomically; returns whether anything changed. */
    public boolean changeFlags(int slot, int set, int clear) {
        final long index = record(slot) + FLAGS_OFFSET;
        while (true) {
            final int before = buffer.getIntVolatile(index);
            final int after = (before & ~clear) | set;
            if (before == after) {
                return false;
            }
            if (buffer.compareAndSetInt(index, before, after)) {
                return true;
            }
        }
    }

    /** Weight of the server. */
    public int weight(int slot) {
        return buffer.getIntVolatile(record(slot) + WEIGHT_OFFSET);
    }

    /** Sets the weight. Conductor only. */
    public void weight(int slot, int weight) {
        buffer.putIntVolatile(record(slot) + WEIGHT_OFFSET, weight);
    }

    /** The weight that the server was added with, or that it was last given other than 0. */
    public int lastWeight(int slot) {
        return buffer.getIntVolatile(record(slot) + LAST_WEIGHT_OFFSET);
    }

    /** Sets the last weight other than 0. Conductor only. */
    public void lastWeight(int slot, int weight) {
        buffer.putIntVolatile(record(slot) + LAST_WEIGHT_OFFSET, weight);
    }

    /** Upper threshold, 0 for none. */
    public int upperThreshold(int slot) {
        return buffer.getIntVolatile(record(slot) + UPPER_OFFSET);
    }

    /** Lower threshold, 0 for none. */
    public int lowerThreshold(int slot) {
        return buffer.getIntVolatile(record(slot) + LOWER_OFFSET);
    }

    /** Sets both thresholds. Conductor only. */
    public void thresholds(int slot, int upper, int lower) {
        buffer.putIntVolatile(record(slot) + UPPER_OFFSET, upper);
        buffer.putIntVolatile(record(slot) + LOWER_OFFSET, lower);
    }

    /** Connections and templates that point to the server. */
    public int references(int slot) {
        return buffer.getIntVolatile(record(slot) + REFERENCES_OFFSET);
    }

    /** Adds to the number of references. */
    public void addReferences(int slot, int delta) {
        buffer.getAndAddInt(record(slot) + REFERENCES_OFFSET, delta);
    }

    /** Counts a new connection. Only the worker itself. */
    public void countConnection(int slot, int worker) {
        final long index = statistics(slot, worker);
        buffer.putLong(index, buffer.getLong(index) + 1);
    }

    /** Counts a packet from a client. Only the worker itself. */
    public void countIn(int slot, int worker, int packets, long bytes) {
        final long index = statistics(slot, worker);
        buffer.putLong(index + 8, buffer.getLong(index + 8) + packets);
        buffer.putLong(index + 24, buffer.getLong(index + 24) + bytes);
    }

    /** Counts a packet from a real server. Only the worker itself. */
    public void countOut(int slot, int worker, int packets, long bytes) {
        final long index = statistics(slot, worker);
        buffer.putLong(index + 16, buffer.getLong(index + 16) + packets);
        buffer.putLong(index + 32, buffer.getLong(index + 32) + bytes);
    }

    private long statistics(int slot, int worker) {
        return record(slot) + SHARED_LENGTH + ESTIMATOR_LENGTH + worker * WORKER_LENGTH;
    }

    /** Sum of a figure (0 to 4) over all workers. */
    public long total(int slot, int figure) {
        long sum = 0;
        for (int worker = 0; worker < workers; worker++) {
            sum += buffer.getLongVolatile(statistics(slot, worker) + figure * FIGURE_LENGTH);
        }
        return sum;
    }

    /** In a virtual service's record: what servers counted that are gone. Uses worker 0's block, conductor only. */
    public long folded(int slot, int figure) {
        return buffer.getLongVolatile(statistics(slot, 0) + figure * FIGURE_LENGTH);
    }

    /** Adds to {@link #folded}. Conductor only. */
    public void fold(int slot, int figure, long delta) {
        final long index = statistics(slot, 0) + figure * FIGURE_LENGTH;
        buffer.putLongVolatile(index, buffer.getLong(index) + delta);
    }

    private long estimator(int slot, int block, int figure) {
        return record(slot) + SHARED_LENGTH + (block * FIGURES + figure) * FIGURE_LENGTH;
    }

    /**
     * Takes over what must survive a restart from the record of an earlier file, whatever its number of workers:
     * statistics, estimator and last weight. Connection counts begin at 0; connections that are taken
     * over count themselves.
     */
    public void adopt(ServerRecords earlier, int slot) {
        for (int figure = 0; figure < FIGURES; figure++) {
            buffer.putLong(statistics(slot, 0) + figure * FIGURE_LENGTH, earlier.total(slot, figure));
            zeroBase(slot, figure, earlier.zeroBase(slot, figure));
            lastTotal(slot, figure, earlier.lastTotal(slot, figure));
            average(slot, figure, earlier.average(slot, figure));
        }
        lastWeight(slot, earlier.lastWeight(slot));
    }

    /** The total at the last {@code -Z}. */
    public long zeroBase(int slot, int figure) {
        return buffer.getLongVolatile(estimator(slot, 0, figure));
    }

    /** Sets the total at {@code -Z}. Conductor only. */
    public void zeroBase(int slot, int figure, long value) {
        buffer.putLongVolatile(estimator(slot, 0, figure), value);
    }

    /** The total at the estimator's last tick. */
    public long lastTotal(int slot, int figure) {
        return buffer.getLongVolatile(estimator(slot, 1, figure));
    }

    /** Sets the total at the estimator's tick. Conductor only. */
    public void lastTotal(int slot, int figure, long value) {
        buffer.putLongVolatile(estimator(slot, 1, figure), value);
    }

    /** The scaled average: {@code << 10} for connections and packets a second, {@code << 5} for bytes a second. */
    public long average(int slot, int figure) {
        return buffer.getLongVolatile(estimator(slot, 2, figure));
    }

    /** Sets the scaled average. Conductor only. */
    public void average(int slot, int figure, long value) {
        buffer.putLongVolatile(estimator(slot, 2, figure), value);
    }
}
