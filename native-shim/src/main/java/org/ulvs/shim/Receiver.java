// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.shim;

import org.ulvs.wire.FrameBatch;

/** The receiving half of a {@link Ring}. */
interface Receiver {
    /** See {@link Ring#receive}. */
    int receive(FrameBatch batch);

    /** See {@link Ring#release}. */
    void release();
}
