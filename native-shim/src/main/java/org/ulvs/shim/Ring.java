// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.shim;

import org.ulvs.wire.Frame;
import org.ulvs.wire.FrameBatch;

/**
 * One interface as one worker sees it: frames come in by batches and leave by batches. All methods belong to the
 * worker's thread, except where said. Nothing here allocates.
 *
 * <p>A duty cycle is: {@link #receive}, work on the frames in place, {@link #send} what leaves (through this ring or
 * another), {@link #flush} every ring, {@link #release}. Frames stay valid until {@link #release}.
 */
public interface Ring extends AutoCloseable {
    /**
     * Appends frames that have arrived to a batch, in order, until it is full or none is left. Does not wait.
     *
     * @return how many were appended
     */
    int receive(FrameBatch batch);

    /**
     * Whether the frame has arrived that is so many places behind the next one to be received. Says so without a look
     * at the frames in between.
     */
    boolean hasArrived(int places);

    /** Gives the memory of all frames read so far back to the kernel. */
    void release();

    /** Queues a frame to leave; its memory must stay until {@link #flush}. A full queue is flushed by itself. */
    void send(Frame frame);

    /** Hands queued frames to the interface. */
    void flush();

    /** Descriptor that is readable while frames wait. */
    int descriptor();

    /** What the ring counted; see {@link RingCounters} for the reader's rules. */
    RingCounters counters();

    /** Takes the kernel's count of lost frames over into {@link #counters()}: a system call, so now and then. */
    void pollStatistics();

    @Override
    void close();
}
