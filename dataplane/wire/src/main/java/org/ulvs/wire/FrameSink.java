// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.wire;

/** Where a worker puts the frames that leave. Called only from the worker's thread. */
public interface FrameSink {
    /**
     * Queues a frame to leave through an interface. The frame's memory must stay as it is until the worker flushes its
     * rings, which it does before it gives any received block back.
     *
     * @param frame complete, with its offload facts
     * @param port index of the interface
     */
    void send(Frame frame, int port);

    /**
     * A frame of our own making.
     *
     * @param length bytes that the frame is to have
     * @return a frame with that length, zeroed, plain, and with at least 64 bytes of headroom, that stays valid until
     *     the next flush; or {@code null} when the scratch memory of this batch is used up
     */
    @org.jspecify.annotations.Nullable
    Frame allocate(int length);

    /**
     * Says that all frames from {@link #allocate} have been sent: those that are queued may leave now, so that there is
     * scratch memory for many more. Frames that were allocated before are not valid afterwards.
     */
    default void makeRoom() {}
}
