// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

import org.agrona.collections.Int2IntHashMap;

/** Where the servers of a pool are, by id. Immutable, so any thread may ask. */
final class Positions {
    /** No server of the pool has the id. */
    static final int NONE = -1;

    private final Int2IntHashMap positionById = new Int2IntHashMap(NONE);

    Positions(final ServerPool pool) {
        for (int position = 0; position < pool.size(); position++) {
            positionById.put(pool.id(position), position);
        }
    }

    int of(final int id) {
        return positionById.get(id);
    }
}
