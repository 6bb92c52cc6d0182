// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The least loaded server of a pool, kept as a tournament among all servers, shared by all workers without a lock.
 *
 * <p>Leaves are the servers themselves; an inner node, of up to eight children, remembers the winner below it and the
 * stamp that the winner's counts had in the comparison. A node whose stamp is no longer that of its winner is stale,
 * anybody can see that, and whoever does puts it right before using it. So a change that makes a server worse (a
 * booking) need not be told, see {@link #booked} for why it is; one that makes a server better is carried to the root
 * by {@link #changed}. Each node on the way is computed anew from its children and replaced by compare-and-set, again
 * as long as another thread has been faster.
 *
 * <p>A choice is one booking by compare-and-set on the very counts with which the winner won, therefore it is the
 * choice of a scan over all servers at one moment. It costs a constant when nothing changed since, else O(log n).
 *
 * <pre>
 *  63                36 35              16 15             0
 * +--------------------+------------------+----------------+
 * |  version (28 bits) | winner (20 bits) | stamp (16 bits)|
 * +--------------------+------------------+----------------+
 * </pre>
 */
final class LoadTree {
    /** No server is admitted. */
    static final int NONE = -1;

    private static final int WINNER_SHIFT = 16;
    private static final int VERSION_SHIFT = 36;
    private static final int NO_WINNER = 0xF_FFFF;
    private static final int STAMP_MASK = 0xFFFF;
    private static final long VALUE_MASK = (1L << VERSION_SHIFT) - 1;
    private static final long EMPTY = (long) NO_WINNER << WINNER_SHIFT;
    /** Load and divisor of no server: infinitely loaded. */
    private static final long EMPTY_LOAD = 1;

    private static final long EMPTY_DIVISOR = 0;

    private static final int ROOT = 0;
    private static final int CHILDREN_SHIFT = 3;
    private static final int CHILDREN = 1 << CHILDREN_SHIFT;

    private final ServerPool pool;
    private final LoadMeasure measure;
    private final int size;
    /** Nodes from here on are leaves. */
    private final int leaves;

    private final AtomicLongArray nodes;

    LoadTree(final ServerPool pool, final LoadMeasure measure) {
        this.pool = pool;
        this.measure = measure;
        size = pool.size();
        if (size >= NO_WINNER) {
            throw new IllegalArgumentException("at most " + (NO_WINNER - 1) + " servers, not " + size);
        }
        int width = 1;
        int inner = 0;
        do {
            inner += width;
            width <<= CHILDREN_SHIFT;
        } while (width < size);
        leaves = inner;
        nodes = new AtomicLongArray(inner);
        rebuild();
    }

    /** Books a connection on the least loaded server. Returns its position or {@link #NONE}. */
    int book(final boolean active) {
        while (true) {
            final long root = nodes.get(ROOT);
            final int winner = winner(root);
            if (winner == NO_WINNER) {
                return NONE;
            }
            final long counts = pool.counts(winner);
            if (isStale(root, counts)) {
                repair(winner, ROOT);
            } else if (pool.tryBook(winner, counts, active)) {
                booked(winner, counts);
                return winner;
            }
        }
    }

    /** The least loaded server at this moment, or {@link #NONE}. */
    int best() {
        while (true) {
            final long root = nodes.get(ROOT);
            final int winner = winner(root);
            if (winner == NO_WINNER) {
                return NONE;
            }
            if (!isStale(root, pool.counts(winner))) {
                return winner;
            }
            repair(winner, ROOT);
        }
    }

    /**
     * Finds the next winner after the winner was booked, as soon as possible by replacing: once a node has found one
     * that is no worse than the booked one was, this one also wins at the nodes above, where the booked one won with
     * that load. A node above that names another winner by now has been computed since the booking.
     *
     * @param winner that was booked, whether through {@link #book} or not
     * @param before its counts before that, with which it won
     */
    void booked(final int winner, final long before) {
        int node = parent(leaves + winner);
        long value = refresh(node, false);
        while (node != ROOT && !isNoWorse(value, winner, before)) {
            node = parent(node);
            value = refresh(node, false);
        }
        final long beaten = value(winner, before);
        while (node != ROOT) {
            node = parent(node);
            final long word = nodes.get(node);
            if ((word & VALUE_MASK) == beaten) {
                nodes.compareAndSet(node, word, next(word, value));
            }
        }
    }

    private boolean isNoWorse(final long value, final int other, final long otherCounts) {
        final int winner = winner(value);
        if (winner == NO_WINNER) {
            return false;
        }
        final long counts = pool.counts(winner);
        return !isStale(value, counts)
                && measure.load(counts) * measure.divisor(pool.weight(other))
                        <= measure.load(otherCounts) * measure.divisor(pool.weight(winner));
    }

    /** Carries a change of the server's counts or OVERLOAD flag to the root. Any thread. */
    void changed(final int position) {
        repair(position, ROOT);
    }

    /**
     * Carries a change of the server's weight to the root. Weights are not part of a stamp, so each node on the way
     * gets a new version, which stops threads that compared with the old weight.
     */
    void weightChanged(final int position) {
        int node = leaves + position;
        do {
            node = parent(node);
            refresh(node, true);
        } while (node != ROOT);
    }

    /** Computes every node anew. */
    void rebuild() {
        for (int node = leaves - 1; node >= ROOT; node--) {
            refresh(node, true);
        }
    }

    private static int parent(final int node) {
        return (node - 1) >> CHILDREN_SHIFT;
    }

    private void repair(final int position, final int top) {
        int node = leaves + position;
        do {
            node = parent(node);
            refresh(node, false);
        } while (node != top);
    }

    /** Computes a node anew; returns its value. */
    private long refresh(final int node, final boolean newVersion) {
        final int first = (node << CHILDREN_SHIFT) + 1;
        while (true) {
            final long before = nodes.get(node);
            final long value = first < leaves ? winnerOfNodes(first) : winnerOfServers(first - leaves);
            if ((!newVersion && value == (before & VALUE_MASK))
                    || nodes.compareAndSet(node, before, next(before, value))) {
                return value;
            }
        }
    }

    private static long next(final long before, final long value) {
        return ((before >>> VERSION_SHIFT) + 1) << VERSION_SHIFT | value;
    }

    private static long value(final int winner, final long counts) {
        return (long) winner << WINNER_SHIFT | Counts.stamp(counts);
    }

    private long winnerOfServers(final int first) {
        long best = EMPTY;
        long bestLoad = EMPTY_LOAD;
        long bestDivisor = EMPTY_DIVISOR;
        final int end = Math.min(first + CHILDREN, size);
        for (int position = first; position < end; position++) {
            final long counts = pool.counts(position);
            final int weight = pool.weight(position);
            if (measure.admits(counts, weight)) {
                final long load = measure.load(counts);
                final long divisor = measure.divisor(weight);
                if (load * bestDivisor < bestLoad * divisor) {
                    best = value(position, counts);
                    bestLoad = load;
                    bestDivisor = divisor;
                }
            }
        }
        return best;
    }

    private long winnerOfNodes(final int first) {
        long best = EMPTY;
        long bestLoad = EMPTY_LOAD;
        long bestDivisor = EMPTY_DIVISOR;
        final int end = first + CHILDREN;
        int node = first;
        while (node < end) {
            final long value = nodes.get(node) & VALUE_MASK;
            final int winner = winner(value);
            if (winner == NO_WINNER) {
                node++;
                continue;
            }
            final long counts = pool.counts(winner);
            if (isStale(value, counts)) {
                repair(winner, node);
                continue;
            }
            final long load = measure.load(counts);
            final long divisor = measure.divisor(pool.weight(winner));
            if (load * bestDivisor < bestLoad * divisor) {
                best = value;
                bestLoad = load;
                bestDivisor = divisor;
            }
            node++;
        }
        return best;
    }

    private static int winner(final long word) {
        return (int) (word >>> WINNER_SHIFT) & NO_WINNER;
    }

    private static boolean isStale(final long word, final long counts) {
        return ((int) word & STAMP_MASK) != Counts.stamp(counts);
    }
}
