// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.dr;

import org.ulvs.wire.Ethernet;
import org.ulvs.wire.Frame;

/** Direct routing: the packet stays as it is, only the frame goes to another hardware address. */
public final class DirectRouting {
    private DirectRouting() {}

    /** Addresses the frame to {@code nextHop}, from the interface that it leaves through. */
    public static void forward(final Frame frame, final long nextHop, final long ours) {
        Ethernet.addresses(frame.buffer(), frame.offset(), nextHop, ours);
    }
}
