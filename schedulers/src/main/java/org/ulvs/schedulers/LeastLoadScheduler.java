// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

/** A scheduler that takes the least loaded server by some {@link LoadMeasure}: lc, wlc, sed, nq, fo, ovf. */
final class LeastLoadScheduler implements Scheduler {
    private final LoadMeasure measure;
    private final LoadTree tree;
    private final Succession succession;

    LeastLoadScheduler(final ServerPool pool, final LoadMeasure measure) {
        this.measure = measure;
        tree = new LoadTree(pool, measure);
        succession = new Succession(this, pool);
    }

    @Override
    public int schedule(final ConnectionRequest request) {
        return tree.book(request.active);
    }

    @Override
    public void loadChanged(final int position) {
        tree.changed(position);
        succession.loadChanged(position);
    }

    @Override
    public void weightChanged(final int position) {
        tree.weightChanged(position);
    }

    @Override
    public Scheduler poolChanged(final ServerPool changedPool, final int removedId) {
        final LeastLoadScheduler next = new LeastLoadScheduler(changedPool, measure);
        succession.successor(next.succession);
        // what workers changed while the tree grew went to this instance only
        next.tree.rebuild();
        return next;
    }

    /** The server that a call of {@link #schedule} would take at this moment, or {@link #NONE}. */
    int best() {
        return tree.best();
    }
}
