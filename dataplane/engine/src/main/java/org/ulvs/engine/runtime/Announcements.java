// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import org.agrona.concurrent.OneToOneConcurrentArrayQueue;
import org.ulvs.engine.forward.NextHops;
import org.ulvs.wire.Frame;
import org.ulvs.wire.FrameSink;
import org.ulvs.wire.reply.ArpMessage;

/** ARP that the conductor wants sent: it has no rings of its own, worker 0 sends for it. */
final class Announcements {
    private static final int CAPACITY = 4096;

    private record Announcement(int port, int address, boolean probe) {}

    private final OneToOneConcurrentArrayQueue<Announcement> queue = new OneToOneConcurrentArrayQueue<>(CAPACITY);
    private final NextHops nextHops;

    Announcements(NextHops nextHops) {
        this.nextHops = nextHops;
    }

    /** Wants an address announced on a port; returns false when too many wait. Conductor. */
    boolean offer(int port, int address) {
        return queue.offer(new Announcement(port, address, false));
    }

    /** Wants it asked who has an address, in the form that no cache learns from (RFC 5227 probe). Conductor. */
    boolean offerProbe(int port, int address) {
        return queue.offer(new Announcement(port, address, true));
    }

    /** How many wait to be sent. */
    int waiting() {
        return queue.size();
    }

    /** Sends what is wanted. Worker 0. */
    int send(FrameSink sink) {
        int count = 0;
        // where the scratch memory is used up the rest goes with the next timer
        for (Announcement next = queue.peek(); next != null && send(next, sink); next = queue.peek()) {
            queue.poll();
            count++;
        }
        return count;
    }

    /** Gratuitous ARP goes as request and as reply, since stations differ in which of both they heed. */
    private boolean send(Announcement wanted, FrameSink sink) {
        final int port = wanted.port();
        final long mac = nextHops.macAddress(port);
        final Frame request = wanted.probe()
                ? ArpMessage.request(sink, port, mac, 0, wanted.address())
                : ArpMessage.gratuitousRequest(sink, port, mac, wanted.address());
        final Frame reply = wanted.probe() ? request : ArpMessage.gratuitousReply(sink, port, mac, wanted.address());
        if (request == null || reply == null) {
            return false;
        }
        sink.send(request, port);
        if (!wanted.probe()) {
            sink.send(reply, port);
        }
        return true;
    }
}
