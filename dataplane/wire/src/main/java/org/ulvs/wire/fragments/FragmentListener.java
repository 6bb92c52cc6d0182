// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.wire.fragments;

import org.ulvs.wire.DropReason;
import org.ulvs.wire.Frame;

/** Hears of fragments that were held and now are not. Called on the worker's thread. */
public interface FragmentListener {
    /**
     * Fragments that {@link FragmentQueue#offer} had held went no further.
     *
     * @param reason why
     * @param frames how many frames, at least one
     */
    void onFragmentsDropped(DropReason reason, int frames);

    /**
     * The rest of a datagram did not come in time and its first fragment is there: the sender may be told (ICMP 11/1).
     * Called before the drop is reported.
     *
     * @param firstFragment as it was received, valid during the call
     */
    void onTimeout(Frame firstFragment);
}
