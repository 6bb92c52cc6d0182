// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import org.agrona.concurrent.OneToOneConcurrentArrayQueue;
import org.ulvs.engine.forward.NextHops;
import org.ulvs.wire.Frame;
import org.ulvs.wire.FrameSink;
import org.ulvs.wire.reply.ArpMessage;

/** Gratuitous ARP that the conductor wants sent: it has no rings of its own, worker 0 sends for it. */
final class Announcements {
    private static final int CAPACITY = 4096;

    private record Announcement(int port, int address) {}

    private final OneToOneConcurrentArrayQueue<Announcement> queue = new OneToOneConcurrentArrayQueue<>(CAPACITY);
    private final NextHops nextHops;

    Announcements(NextHops nextHops) {
        this.nextHops = nextHops;
    }

    /** Wants an address announced on a port; returns false when too many wait. Conductor. */
    boolean offer(int port, int address) {
        return queue.offer(new Announcement(port, address));
    }

    /** Sends what is wanted, as request and as reply, since stations differ in which of both they heed. Worker 0. */
    int send(FrameSink sink) {
        int count = 0;
        Announcement next = queue.peek();
        while (next != null) {
            final long mac = nextHops.macAddress(next.port());
            final Frame request = ArpMessage.gratuitousRequest(sink, next.port(), mac, next.address());
            final Frame reply = ArpMessage.gratuitousReply(sink, next.port(), mac, next.address());
            if (request == null || reply == null) {
                // the scratch memory is used up: the rest goes with the next timer
                return count;
            }
            sink.send(request, next.port());
            sink.send(reply, next.port());
            queue.poll();
            count++;
            next = queue.peek();
        }
        return count;
    }
}
