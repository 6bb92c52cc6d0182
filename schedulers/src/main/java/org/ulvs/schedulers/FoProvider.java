// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

/**
 * fo: the server with the greatest weight that is not overloaded; among equals the one that was added last.
 */
public final class FoProvider extends LeastLoadProvider {
    /** For the list of schedulers. */
    public FoProvider() {
        super("fo", LoadMeasure.WEIGHT);
    }
}
