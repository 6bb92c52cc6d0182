// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

/**
 * sed: the shortest expected delay, that is, the server with the least (active + 1) per weight; among equals the one
 * that was added last. Inactive connections do not count.
 */
public final class SedProvider extends LeastLoadProvider {
    /** For the list of schedulers. */
    public SedProvider() {
        super("sed", LoadMeasure.EXPECTED_DELAY);
    }
}
