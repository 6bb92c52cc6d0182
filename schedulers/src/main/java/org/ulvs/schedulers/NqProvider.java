// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

/**
 * nq: never queue. The idle server (no active connection) that was added last, whatever its weight; where none is idle,
 * sed.
 */
public final class NqProvider extends LeastLoadProvider {
    /** For the list of schedulers. */
    public NqProvider() {
        super("nq", LoadMeasure.EXPECTED_DELAY_UNLESS_IDLE);
    }
}
