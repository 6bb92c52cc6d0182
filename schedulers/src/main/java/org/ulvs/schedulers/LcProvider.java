// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

/**
 * lc: the server with the least connection overhead (active * 256 + inactive), weights ignored; among equals the one
 * that was added last.
 */
public final class LcProvider extends LeastLoadProvider {
    /** For the list of schedulers. */
    public LcProvider() {
        super("lc", LoadMeasure.OVERHEAD_UNWEIGHTED);
    }
}
