// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Finds the next server with at least a given weight in O(log n). An overloaded server counts as one of weight 0.
 *
 * <p>A tree of maxima, shared by all workers without a lock: each node is replaced from its children by compare-and-set
 * with a new version, at most twice: if both attempts are lost, another thread's second success began after our change
 * and has seen it. It is written only where a server's
 * weight or OVERLOAD flag differs from what the tree holds.
 *
 * <pre>
 *  63               32 31                 0
 * +-------------------+--------------------+
 * | version (32 bits) |  weight (32 bits)  |
 * +-------------------+--------------------+
 * </pre>
 */
final class WeightTree {
    /** No such server. */
    static final int NONE = -1;

    private static final int ROOT = 1;
    private static final int VERSION_SHIFT = 32;

    private final ServerPool pool;
    private final int size;
    private final int leaves;
    private final AtomicLongArray nodes;

    WeightTree(final ServerPool pool) {
        this.pool = pool;
        size = pool.size();
        leaves = Math.max(2, Integer.highestOneBit(Math.max(1, size - 1)) << 1);
        nodes = new AtomicLongArray(2 * leaves);
        rebuild();
    }

    /** The greatest weight of a server that is not overloaded, 0 where there is none. */
    int max() {
        return weightAt(ROOT);
    }

    /**
     * A number that differs after each change that has been taken over. What several calls found belongs together if it
     * is the same before and after them.
     */
    long version() {
        return nodes.get(ROOT);
    }

    /**
     * The first server after a position that has at least the weight.
     *
     * @param position of the server before the first candidate, -1 to begin with the first server
     * @param weight 1 or more
     * @return position or {@link #NONE}
     */
    int next(final int position, final int weight) {
        if (position + 1 >= size) {
            return NONE;
        }
        int node = leaves + position + 1;
        if (weightAt(node) >= weight) {
            return position + 1;
        }
        while (true) {
            while ((node & 1) == 1) {
                node >>>= 1;
            }
            if (node == 0) {
                return NONE;
            }
            node++;
            if (weightAt(node) >= weight) {
                while (node < leaves) {
                    node *= 2;
                    if (weightAt(node) < weight) {
                        node++;
                        if (weightAt(node) < weight) {
                            // the maximum above is being lowered by another thread
                            break;
                        }
                    }
                }
                if (node >= leaves && weightAt(node) >= weight) {
                    return node - leaves;
                }
            }
        }
    }

    /** Takes over the server's weight and OVERLOAD flag. Any thread. */
    void update(final int position) {
        if (updateLeaf(position)) {
            for (int node = (leaves + position) >>> 1; node >= ROOT; node >>>= 1) {
                refreshTwice(node);
            }
        }
    }

    /** Takes over the weights and flags of all servers. */
    void rebuild() {
        for (int position = 0; position < size; position++) {
            updateLeaf(position);
        }
        for (int node = leaves - 1; node >= ROOT; node--) {
            refreshTwice(node);
        }
    }

    private boolean updateLeaf(final int position) {
        final int leaf = leaves + position;
        boolean changed = false;
        while (true) {
            final long before = nodes.get(leaf);
            final int weight = usableWeight(position);
            if (weight == (int) before) {
                return changed;
            }
            changed |= replace(leaf, before, weight);
        }
    }

    private int usableWeight(final int position) {
        return Counts.isOverloaded(pool.counts(position)) ? 0 : pool.weight(position);
    }

    private void refreshTwice(final int node) {
        if (!refresh(node)) {
            refresh(node);
        }
    }

    private boolean refresh(final int node) {
        final long before = nodes.get(node);
        return replace(node, before, Math.max(weightAt(2 * node), weightAt(2 * node + 1)));
    }

    private boolean replace(final int node, final long before, final int weight) {
        final long version = (before >>> VERSION_SHIFT) + 1;
        return nodes.compareAndSet(node, before, version << VERSION_SHIFT | weight);
    }

    private int weightAt(final int node) {
        return (int) nodes.get(node);
    }
}
