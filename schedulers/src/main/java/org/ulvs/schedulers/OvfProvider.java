// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

/**
 * ovf: the server with the greatest weight among those with no more active connections than their weight (so each takes
 * weight + 1); among equals the one that was added last.
 */
public final class OvfProvider extends LeastLoadProvider {
    /** For the list of schedulers. */
    public OvfProvider() {
        super("ovf", LoadMeasure.WEIGHT_NOT_EXCEEDED);
    }
}
