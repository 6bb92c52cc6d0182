// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

import java.util.ArrayList;
import java.util.List;

/** An immutable list of {@link FakeServer}s in list order, newest first. */
final class FakePool implements ServerPool {
    private final List<FakeServer> servers;

    FakePool(final List<FakeServer> servers) {
        this.servers = List.copyOf(servers);
    }

    /** Servers with these weights in list order; their ids are 100 and up. */
    static FakePool ofWeights(final int... weights) {
        final List<FakeServer> servers = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            servers.add(new FakeServer(100 + i, 0x0A000201 + i, 80, weights[i]));
        }
        return new FakePool(servers);
    }

    FakePool with(final FakeServer newest) {
        final List<FakeServer> changed = new ArrayList<>();
        changed.add(newest);
        changed.addAll(servers);
        return new FakePool(changed);
    }

    FakePool without(final int position) {
        final List<FakeServer> changed = new ArrayList<>(servers);
        changed.remove(position);
        return new FakePool(changed);
    }

    FakeServer server(final int position) {
        return servers.get(position);
    }

    @Override
    public int size() {
        return servers.size();
    }

    @Override
    public int weight(final int position) {
        return servers.get(position).weight;
    }

    @Override
    public int lastWeight(final int position) {
        return servers.get(position).lastWeight;
    }

    @Override
    public long counts(final int position) {
        return servers.get(position).counts.get();
    }

    @Override
    public boolean tryBook(final int position, final long expected, final boolean active) {
        final FakeServer server = servers.get(position);
        return server.counts.compareAndSet(expected, Counts.bound(expected, active, server.upperThreshold));
    }

    @Override
    public int address(final int position) {
        return servers.get(position).address;
    }

    @Override
    public int port(final int position) {
        return servers.get(position).port;
    }

    @Override
    public int id(final int position) {
        return servers.get(position).id;
    }
}
