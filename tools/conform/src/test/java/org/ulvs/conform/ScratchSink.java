// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.conform;

import org.jspecify.annotations.Nullable;
import org.ulvs.wire.Frame;
import org.ulvs.wire.FrameSink;

/** Takes frames and forgets them; gives scratch frames out of fixed memory. Allocates nothing. */
final class ScratchSink implements FrameSink {
    private static final int HEADROOM = 64;
    private static final int LENGTH = 70_000;

    private final byte[][] memory = new byte[64][LENGTH];
    private final Frame[] frames = new Frame[memory.length];
    private int used;
    private long sent;

    ScratchSink() {
        for (int i = 0; i < frames.length; i++) {
            frames[i] = new Frame();
        }
    }

    void begin() {
        used = 0;
    }

    long sent() {
        return sent;
    }

    @Override
    public void send(Frame frame, int port) {
        sent++;
    }

    @Override
    public @Nullable Frame allocate(int length) {
        if (used == frames.length || length > LENGTH - HEADROOM) {
            return null;
        }
        final int i = used;
        used++;
        java.util.Arrays.fill(memory[i], 0, HEADROOM + length, (byte) 0);
        return frames[i].wrap(memory[i], HEADROOM, length, 0);
    }
}
