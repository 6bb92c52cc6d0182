// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.testkit;

import org.ulvs.wire.DropReason;
import org.ulvs.wire.Frame;
import org.ulvs.wire.fragments.FragmentListener;

/** Fails the test when a fragment is dropped or grows too old. */
public final class NoDroppedFragments implements FragmentListener {
    @Override
    public void onFragmentsDropped(final DropReason reason, final int frames) {
        throw new AssertionError(reason + " " + frames);
    }

    @Override
    public void onTimeout(final Frame firstFragment) {
        throw new AssertionError("timeout");
    }
}
