// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.forward;

import org.ulvs.wire.Frame;
import org.ulvs.wire.FrameSink;

/** Takes the ARP frames that the rings bring. Worker threads only. */
public interface ArpHandler {
    /** Whether the frame was answered; otherwise it is left to the host. */
    boolean onArp(Frame frame, FrameSink sink);
}
