// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.check;

import java.nio.channels.SelectionKey;

/** An attempt that has neither a socket nor a deadline of its own. */
abstract class SocketlessAttempt extends Attempt {
    SocketlessAttempt(CheckEngine.Slot slot) {
        super(slot);
    }

    @Override
    final void onReady(SelectionKey key) {
        throw new IllegalStateException();
    }

    @Override
    final void onTimeout() {
        throw new IllegalStateException();
    }

    @Override
    final void release() {
        // holds nothing
    }
}
