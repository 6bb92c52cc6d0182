// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

import java.util.concurrent.atomic.AtomicLong;

/**
 * wrr: goes through the list again and again with a falling level, taking the servers whose weight reaches it. The
 * level falls from the greatest weight to 1 in steps of the weights' greatest common divisor.
 *
 * <p>Each change of a server puts the pointer back to the head of the list, but keeps the level where it still makes
 * sense. So a service whose servers were added one by one begins at level 1 and not at the greatest weight.
 */
final class WrrScheduler extends RotatingScheduler {
    /** The state that a search leaves behind when it found no server has this bit. */
    private static final long NOT_FOUND = 1L << 63;

    private volatile Round round;

    WrrScheduler(final ServerPool pool) {
        this(pool, new Round(pool));
    }

    private WrrScheduler(final ServerPool pool, final Round round) {
        super(pool);
        this.round = round;
    }

    @Override
    int advance() {
        while (true) {
            final long version = tree.version();
            final Round current = round;
            final long before = current.state.get();
            if (current.maxLevel == 0) {
                return NONE;
            }
            final long after = search(current, pointer(before), level(before));
            if (tree.version() == version && current.state.compareAndSet(before, after & ~NOT_FOUND)) {
                return (after & NOT_FOUND) != 0 ? NONE : pointer(after);
            }
        }
    }

    @Override
    public void weightChanged(final int position) {
        super.weightChanged(position);
        round = new Round(pool, level(round.state.get()));
    }

    @Override
    RotatingScheduler succeed(final ServerPool changedPool, final int removedId) {
        return new WrrScheduler(changedPool, new Round(changedPool, level(round.state.get())));
    }

    private long search(final Round current, final int last, final int level) {
        final int position = tree.next(last, level);
        if (position != WeightTree.NONE) {
            return state(position, level);
        }
        if (level > current.step) {
            final long found = searchDown(current, level - current.step, 1, pool.size());
            return found != NOT_FOUND ? found : state(HEAD, current.maxLevel) | NOT_FOUND;
        }
        if (last == HEAD) {
            return state(HEAD, current.maxLevel) | NOT_FOUND;
        }
        // the servers up to the last one have not been asked at the lowest level yet
        final int lowest = (current.maxLevel - 1) % current.step + 1;
        final long found = searchDown(current, current.maxLevel, lowest + 1, pool.size());
        if (found != NOT_FOUND) {
            return found;
        }
        final long foundAtLowest = searchDown(current, lowest, lowest, last);
        return foundAtLowest != NOT_FOUND ? foundAtLowest : state(last, lowest) | NOT_FOUND;
    }

    /** Searches from the head, at falling levels not under the lowest, for a server not after the last position. */
    private long searchDown(final Round current, final int from, final int lowest, final int lastPosition) {
        int level = from;
        while (level >= lowest) {
            final int max = tree.max();
            if (max < level) {
                // levels above the greatest weight find nobody: skip them in one step
                final long steps = ((long) level - max + current.step - 1) / current.step;
                final long next = level - steps * current.step;
                if (next < lowest) {
                    return NOT_FOUND;
                }
                level = (int) next;
            }
            final int position = tree.next(HEAD, level);
            if (position != WeightTree.NONE && position <= lastPosition) {
                return state(position, level);
            }
            level -= current.step;
        }
        return NOT_FOUND;
    }

    private static long state(final int pointer, final int level) {
        return (long) (pointer + 1) << 32 | level;
    }

    private static int pointer(final long state) {
        return (int) ((state & ~NOT_FOUND) >>> 32) - 1;
    }

    private static int level(final long state) {
        return (int) state;
    }

    /** What follows from the servers' weights, with the pointer and the level that go with them. */
    private static final class Round {
        /** Greatest common divisor of the weights. */
        final int step;
        /** The highest level, 0 where all weights are 0. */
        final int maxLevel;
        /** Pointer and level. */
        final AtomicLong state;

        /** The round of a new service. */
        Round(final ServerPool pool) {
            this(pool, 0);
        }

        /** The round after a change, with the level from before it. */
        Round(final ServerPool pool, final int level) {
            int divisor = 0;
            int max = 0;
            for (int position = 0; position < pool.size(); position++) {
                final int weight = pool.weight(position);
                max = Math.max(max, weight);
                divisor = Weights.greatestCommonDivisor(weight, divisor);
            }
            step = Math.max(1, divisor);
            maxLevel = max - (step - 1);
            final int kept;
            if (level == 0 || level > maxLevel) {
                kept = maxLevel;
            } else {
                kept = step > 1 ? level / step * step + 1 : level;
            }
            state = new AtomicLong(state(HEAD, kept));
        }
    }
}
