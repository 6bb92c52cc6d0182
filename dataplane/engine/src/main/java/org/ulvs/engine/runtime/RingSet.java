// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import org.jspecify.annotations.Nullable;
import org.ulvs.shim.Ring;

/**
 * The rings of one worker, by port; where the interface is down or gone there is none. The conductor replaces the whole
 * set, the worker takes it over between two batches and says so; only then may rings of the old set be closed.
 */
final class RingSet {
    private volatile @Nullable Ring[] wanted;
    private volatile @Nullable Ring[] adopted;

    RingSet(int ports) {
        wanted = new @Nullable Ring[ports];
        adopted = wanted;
    }

    /** Replaces the ring of a port. Conductor. */
    void replace(int port, @Nullable Ring ring) {
        final @Nullable Ring[] next = wanted.clone();
        next[port] = ring;
        wanted = next;
    }

    /** Whether the worker uses what the conductor set last. Conductor. */
    boolean isAdopted() {
        return adopted == wanted;
    }

    /** The rings to use from now on. Worker. */
    @Nullable
    Ring[] adopt() {
        final @Nullable Ring[] rings = wanted;
        if (adopted != rings) {
            adopted = rings;
        }
        return rings;
    }
}
