// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * rr: the next usable server in the list, weights ignored. The pointer stays when servers are added or edited, and goes
 * back to the predecessor when the server under it is removed.
 */
final class RrScheduler extends RotatingScheduler {
    private final AtomicInteger pointer;

    RrScheduler(final ServerPool pool, final int pointer) {
        super(pool);
        this.pointer = new AtomicInteger(pointer);
    }

    @Override
    int advance() {
        while (true) {
            final long version = tree.version();
            final int last = pointer.get();
            int position = tree.next(last, 1);
            if (position == WeightTree.NONE && last != HEAD) {
                position = tree.next(HEAD, 1);
            }
            if (tree.version() != version) {
                continue;
            }
            if (position == WeightTree.NONE) {
                return NONE;
            }
            if (pointer.compareAndSet(last, position)) {
                return position;
            }
        }
    }

    @Override
    RotatingScheduler succeed(final ServerPool changedPool, final int removedId) {
        int last = pointer.get();
        if (last != HEAD && pool.id(last) == removedId) {
            last--;
        }
        return new RrScheduler(changedPool, last == HEAD ? HEAD : new Positions(changedPool).of(pool.id(last)));
    }
}
