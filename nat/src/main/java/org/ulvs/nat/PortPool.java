// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.nat;

/**
 * Ports for the source NAT of connections that real servers open. One pool a worker, address and protocol; owned by the
 * worker's thread. Ports are given out in turn, so that one that has become free rests as long as possible.
 */
public final class PortPool {
    /** Result of {@link #acquire()} when every port is in use. */
    public static final int EXHAUSTED = -1;

    private final int first;
    private final int size;
    private final long[] used;
    private int next;
    private int inUse;

    /**
     * A pool of the ports from {@code first} to {@code last}.
     *
     * @throws IllegalArgumentException if the range is empty or not within 1..65535
     */
    public PortPool(final int first, final int last) {
        if (first < 1 || last > 0xFFFF || first > last) {
            throw new IllegalArgumentException("port range " + first + "-" + last + " is empty or not within 1-65535");
        }
        this.first = first;
        this.size = last - first + 1;
        this.used = new long[(size + Long.SIZE - 1) / Long.SIZE];
    }

    /**
     * The part of a range that one of several workers has; parts differ in size by one port at most.
     *
     * @throws IllegalArgumentException if there are fewer ports than workers
     */
    public static PortPool slice(final int first, final int last, final int worker, final int workers) {
        final int size = last - first + 1;
        if (size < workers) {
            throw new IllegalArgumentException(
                    "port range " + first + "-" + last + " has fewer ports than there are workers (" + workers + ")");
        }
        final int from = (int) ((long) size * worker / workers);
        final int to = (int) ((long) size * (worker + 1) / workers);
        return new PortPool(first + from, first + to - 1);
    }

    /** Takes a free port, or gives {@link #EXHAUSTED}. */
    public int acquire() {
        if (inUse == size) {
            return EXHAUSTED;
        }
        int word = next / Long.SIZE;
        long free = ~used[word] & (-1L << next);
        while (true) {
            if (free != 0) {
                final int index = word * Long.SIZE + Long.numberOfTrailingZeros(free);
                if (index < size) {
                    return take(index);
                }
            }
            word = word + 1 == used.length ? 0 : word + 1;
            free = ~used[word];
        }
    }

    /** Takes a certain port if it is of the pool and free, else any, or gives {@link #EXHAUSTED}. */
    public int acquire(final int preferred) {
        final int index = preferred - first;
        return index >= 0 && index < size && !isUsed(index) ? take(index) : acquire();
    }

    /**
     * Gives a port back.
     *
     * @throws IllegalArgumentException if the port was not given out by this pool
     */
    public void release(final int port) {
        final int index = port - first;
        if (index < 0 || index >= size || !isUsed(index)) {
            throw new IllegalArgumentException("port " + port + " was not given out by this pool");
        }
        used[index / Long.SIZE] &= ~(1L << index);
        inUse--;
    }

    /** Ports given out and not given back. */
    public int inUse() {
        return inUse;
    }

    /** Ports of the pool. */
    public int size() {
        return size;
    }

    private boolean isUsed(final int index) {
        return (used[index / Long.SIZE] & (1L << index)) != 0;
    }

    private int take(final int index) {
        used[index / Long.SIZE] |= 1L << index;
        inUse++;
        next = index + 1 == size ? 0 : index + 1;
        return first + index;
    }
}
