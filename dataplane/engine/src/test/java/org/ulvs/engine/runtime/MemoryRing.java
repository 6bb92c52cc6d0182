// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.ulvs.shim.Ring;
import org.ulvs.shim.RingCounters;
import org.ulvs.wire.Frame;
import org.ulvs.wire.FrameBatch;

/** A ring without a kernel: a test puts frames in and takes out what was flushed. */
final class MemoryRing implements Ring {
    private static final int HEADROOM = 64;

    private final Queue<byte[]> arriving = new ArrayDeque<>();
    private final List<byte[]> queued = new ArrayList<>();
    private final List<byte[]> sent = new ArrayList<>();
    private final RingCounters counters = new RingCounters();
    private final int port;
    private int unreleased;

    MemoryRing(int port) {
        this.port = port;
    }

    /** Lets a frame arrive. */
    void arrive(Frame frame) {
        final byte[] bytes = new byte[HEADROOM + frame.length()];
        frame.buffer().getBytes(frame.offset(), bytes, HEADROOM, frame.length());
        arriving.add(bytes);
    }

    /** What has left, in order. */
    List<byte[]> sent() {
        return sent;
    }

    /** Frames read that were not given back. */
    int unreleased() {
        return unreleased;
    }

    @Override
    public int receive(FrameBatch batch) {
        int count = 0;
        while (!batch.isFull() && !arriving.isEmpty()) {
            final byte[] bytes = arriving.remove();
            batch.next().wrap(bytes, HEADROOM, bytes.length - HEADROOM, port);
            count++;
        }
        unreleased += count;
        return count;
    }

    @Override
    public boolean hasArrived(int places) {
        return arriving.size() > places;
    }

    @Override
    public void release() {
        unreleased = 0;
    }

    @Override
    public void send(Frame frame) {
        final byte[] bytes = new byte[frame.length()];
        frame.buffer().getBytes(frame.offset(), bytes);
        queued.add(bytes);
    }

    @Override
    public void flush() {
        sent.addAll(queued);
        queued.clear();
    }

    @Override
    public int descriptor() {
        return -1;
    }

    @Override
    public RingCounters counters() {
        return counters;
    }

    @Override
    public void pollStatistics() {
        // nothing is lost here
    }

    @Override
    public void close() {
        // nothing to close
    }
}
