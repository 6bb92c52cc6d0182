// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.table;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Shows the conductor when each worker has been between two batches, where it holds nothing of the old table. A worker
 * writes its own entry only; an odd number means that it is inside a batch.
 */
public final class WorkerEpochs {
    private static final int STRIDE = 16;

    private final AtomicLongArray epochs;
    private final int workers;

    /** Entries for so many workers. */
    public WorkerEpochs(int workers) {
        this.workers = workers;
        this.epochs = new AtomicLongArray(workers * STRIDE);
    }

    /** The worker begins a batch: nothing that it reads afterwards may be older than this mark. */
    public void enter(int worker) {
        epochs.set(worker * STRIDE, epochs.getPlain(worker * STRIDE) + 1);
    }

    /** The worker has ended a batch. */
    public void leave(int worker) {
        epochs.setRelease(worker * STRIDE, epochs.getPlain(worker * STRIDE) + 1);
    }

    /** Where all workers are at this moment. */
    Moment now() {
        final long[] seen = new long[workers];
        for (int worker = 0; worker < workers; worker++) {
            seen[worker] = epochs.get(worker * STRIDE);
        }
        return new Moment(seen);
    }

    /** Whether no worker is any more inside the batch that it was in at that moment. */
    boolean allPassed(Moment moment) {
        for (int worker = 0; worker < workers; worker++) {
            final long seen = moment.seen[worker];
            if ((seen & 1) != 0 && epochs.get(worker * STRIDE) == seen) {
                return false;
            }
        }
        return true;
    }

    /** The epochs of all workers at one moment. */
    static final class Moment {
        private final long[] seen;

        private Moment(long[] seen) {
            this.seen = seen;
        }
    }
}
