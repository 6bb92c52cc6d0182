// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.testkit;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ulvs.wire.Frame;
import org.ulvs.wire.FrameSink;

/** A sink that keeps a copy of every frame sent, with its port and offload facts. */
public final class RecordingSink implements FrameSink {
    private static final int TAILROOM = 64;

    private final List<Frame> sent = new ArrayList<>();
    private int budget = Integer.MAX_VALUE;

    /** Creates a sink that never runs out of memory. */
    public RecordingSink() {}

    /** Lets the next {@code frames} allocations succeed and those after them fail. */
    public RecordingSink allocations(final int frames) {
        budget = frames;
        return this;
    }

    @Override
    public void send(final Frame frame, final int port) {
        final Frame copy = Frames.copy(frame);
        copy.port(port);
        sent.add(copy);
    }

    @Override
    public @Nullable Frame allocate(final int length) {
        if (budget == 0) {
            return null;
        }
        budget--;
        return Frames.of(new byte[length], TAILROOM);
    }

    /** Copies of the frames sent, in order; {@link Frame#port()} is the one that they were sent to. */
    public List<Frame> sent() {
        return sent;
    }

    /** Forgets what was sent. */
    public void clear() {
        sent.clear();
    }
}
