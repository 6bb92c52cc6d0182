// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.shim;

import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/** The kernel's count of frames that found a ring full. */
final class LossCounter {
    private static final int LOST_OFFSET = 4;

    private final UnsafeBuffer buffer =
            new UnsafeBuffer(BufferUtil.allocateDirectAligned(BitUtil.SIZE_OF_LONG, BitUtil.SIZE_OF_LONG));
    private final int descriptor;

    LossCounter(int descriptor) {
        this.descriptor = descriptor;
    }

    /** Frames lost since the last call; 0 when the socket does not tell. */
    long lost() {
        if (Shim.calls().statistics(descriptor, buffer.addressOffset()) < 0) {
            return 0;
        }
        return buffer.getInt(LOST_OFFSET) & 0xffff_ffffL;
    }
}
