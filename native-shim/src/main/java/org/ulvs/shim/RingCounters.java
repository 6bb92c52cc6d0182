// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.shim;

/**
 * What one worker counted at one interface. Written by the worker's thread only, plainly; survives the ring, so that a
 * ring that was opened again counts on. Other threads read copies that the worker publishes.
 */
public final class RingCounters {
    long received;
    long receivedBytes;
    long otherHost;
    long lost;
    long sent;
    long sentBytes;
    long sendNoRoom;
    long sendTooLong;
    long sendDown;
    long sendRefused;

    /** Frames put into batches. */
    public long received() {
        return received;
    }

    /** Bytes of the frames put into batches, as on the wire. */
    public long receivedBytes() {
        return receivedBytes;
    }

    /** Frames read that were addressed to another station: not put into batches, none of our business. */
    public long otherHost() {
        return otherHost;
    }

    /** Frames that the kernel could not put into the ring because it was full. */
    public long lost() {
        return lost;
    }

    /** Frames that the interface took. */
    public long sent() {
        return sent;
    }

    /** Bytes of the frames that the interface took. */
    public long sentBytes() {
        return sentBytes;
    }

    /** Frames not sent because the interface's queue stayed full. */
    public long sendNoRoom() {
        return sendNoRoom;
    }

    /** Frames not sent because they are longer than the interface's MTU. */
    public long sendTooLong() {
        return sendTooLong;
    }

    /** Frames not sent because the interface was down or gone. */
    public long sendDown() {
        return sendDown;
    }

    /** Frames not sent because the kernel refused them for another reason (bad offload facts). */
    public long sendRefused() {
        return sendRefused;
    }
}
