// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.wire.fragments;

import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.ulvs.wire.DropReason;
import org.ulvs.wire.Ethernet;
import org.ulvs.wire.Frame;
import org.ulvs.wire.FrameSink;
import org.ulvs.wire.IpOptions;
import org.ulvs.wire.Ipv4;
import org.ulvs.wire.PacketView;
import org.ulvs.wire.offload.ChecksumOffload;

/**
 * Cuts an IPv4 packet into fragments (RFC 791) that have the packet's identification and hardware addresses. Either all
 * fragments are sent, in order, or none. Reused; owned by one worker thread.
 */
public final class Fragmenter {
    /** Smallest MTU that IPv4 knows. */
    public static final int MIN_MTU = 68;

    private static final int UNIT = 8;
    private static final int MAX_PIECES = Ipv4.MAX_TOTAL_LENGTH / UNIT + 1;

    private final @Nullable Frame[] pieces = new Frame[MAX_PIECES];
    private int count;

    /** Creates a fragmenter. */
    public Fragmenter() {}

    /** Fragments that the last call sent. */
    public int count() {
        return count;
    }

    /**
     * Sends a packet as fragments of at most {@code mtu} bytes. The packet may itself be a fragment. "Don't fragment"
     * is the caller's affair; if it is set, the fragments have it too.
     *
     * @param frame an IPv4 frame that has been parsed and that is no super-frame of several packets; an unfinished
     *     checksum is finished in it
     * @param mtu bytes of the largest IP packet; at least {@link #MIN_MTU}
     * @return {@link PacketView#OK}, or the {@link DropReason#id()} of {@link DropReason#NO_SCRATCH}
     */
    public int fragment(final Frame frame, final int mtu, final FrameSink sink, final int port) {
        ChecksumOffload.finish(frame);
        final UnsafeBuffer buffer = frame.buffer();
        final int ip = frame.offset() + Ethernet.LENGTH;
        final int headerLength = Ipv4.headerLength(buffer, ip);
        final int payload = Ipv4.totalLength(buffer, ip) - headerLength;
        final int room = Math.max(mtu, MIN_MTU) - headerLength;
        final int most = room & -UNIT;
        begin();
        for (int from = 0; from < payload; ) {
            final boolean last = payload - from <= room;
            final int length = last ? payload - from : most;
            if (!add(frame, sink, headerLength, from, length, last)) {
                return DropReason.NO_SCRATCH.id();
            }
            from += length;
        }
        send(sink, port);
        return PacketView.OK;
    }

    void begin() {
        count = 0;
    }

    /** Makes one fragment of {@code frame} and keeps it for {@link #send}. */
    boolean add(
            final Frame frame,
            final FrameSink sink,
            final int headerLength,
            final int from,
            final int length,
            final boolean last) {
        final Frame piece = sink.allocate(Ethernet.LENGTH + headerLength + length);
        if (piece == null) {
            count = 0;
            return false;
        }
        final UnsafeBuffer source = frame.buffer();
        final UnsafeBuffer target = piece.buffer();
        final int sourceIp = frame.offset() + Ethernet.LENGTH;
        final int ip = piece.offset() + Ethernet.LENGTH;
        target.putBytes(piece.offset(), source, frame.offset(), Ethernet.LENGTH + headerLength);
        target.putBytes(ip + headerLength, source, sourceIp + headerLength + from, length);
        if (from != 0 && headerLength > Ipv4.MIN_LENGTH) {
            IpOptions.keepCopied(target, ip);
        }
        final int word = Ipv4.fragmentWord(source, sourceIp);
        Ipv4.totalLength(target, ip, headerLength + length);
        Ipv4.fragmentWord(target, ip, (word + from / UNIT) | (last ? 0 : Ipv4.MORE_FRAGMENTS));
        Ipv4.writeChecksum(target, ip);
        pieces[count++] = piece;
        return true;
    }

    void send(final FrameSink sink, final int port) {
        for (int i = 0; i < count; i++) {
            final Frame piece = pieces[i];
            pieces[i] = null;
            if (piece != null) {
                sink.send(piece, port);
            }
        }
    }
}
