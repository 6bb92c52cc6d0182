// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

/**
 * wlc: the server with the least connection overhead (active * 256 + inactive) per weight; among equals the one that
 * was added last.
 */
public final class WlcProvider extends LeastLoadProvider {
    /** For the list of schedulers. */
    public WlcProvider() {
        super("wlc", LoadMeasure.OVERHEAD);
    }
}
