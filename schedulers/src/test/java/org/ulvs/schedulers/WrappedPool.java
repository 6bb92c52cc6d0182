// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

/** A pool that passes all on to another, for tests that change some of it. */
class WrappedPool implements ServerPool {
    final ServerPool pool;

    WrappedPool(final ServerPool pool) {
        this.pool = pool;
    }

    @Override
    public int size() {
        return pool.size();
    }

    @Override
    public int weight(final int position) {
        return pool.weight(position);
    }

    @Override
    public int lastWeight(final int position) {
        return pool.lastWeight(position);
    }

    @Override
    public long counts(final int position) {
        return pool.counts(position);
    }

    @Override
    public boolean tryBook(final int position, final long expected, final boolean active) {
        return pool.tryBook(position, expected, active);
    }

    @Override
    public int address(final int position) {
        return pool.address(position);
    }

    @Override
    public int port(final int position) {
        return pool.port(position);
    }

    @Override
    public int id(final int position) {
        return pool.id(position);
    }
}
