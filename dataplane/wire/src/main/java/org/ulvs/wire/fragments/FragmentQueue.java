// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.wire.fragments;

import java.nio.ByteBuffer;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.ulvs.wire.DropReason;
import org.ulvs.wire.Ethernet;
import org.ulvs.wire.Frame;
import org.ulvs.wire.FrameSink;
import org.ulvs.wire.Ipv4;
import org.ulvs.wire.PacketView;

/**
 * Holds the fragments of IPv4 datagrams until all are there; then the datagram is one frame, to be treated like any
 * other, and leaves in pieces of the sizes that it came in.
 *
 * <p>Rules as in the kernel: a fragment that overlaps what is there, or contradicts the datagram's end, throws the
 * whole datagram away (RFC 5722's rule, applied to IPv4); one whose bytes are all there already is a duplicate and
 * changes nothing; congestion marks must go together (RFC 3168 5.3). A datagram's time runs from its first arrival.
 *
 * <p>All memory is allocated at creation: a number of datagrams, and a number of blocks of {@value #BLOCK_LENGTH} bytes
 * that they share. When either is used up the oldest incomplete datagram makes room, so that somebody who sends pieces
 * without end cannot shut out those whose datagrams complete at once.
 *
 * <p>Owned by one worker thread. Time is any nanosecond clock that does not go back.
 */
public final class FragmentQueue {
    /** Result of {@link #offer}: the fragment was taken, others are missing. */
    public static final int HELD = -1;

    /** Result of {@link #offer}: the fragment was the last one missing, {@link #datagram()} holds the whole. */
    public static final int COMPLETE = 0;

    /** Bytes of a block. */
    public static final int BLOCK_LENGTH = 2048;

    private static final int BLOCKS_PER_DATAGRAM = 65536 / BLOCK_LENGTH;
    private static final int MAX_PAYLOAD = Ipv4.MAX_TOTAL_LENGTH - Ipv4.MIN_LENGTH;
    private static final int HEADROOM = 128;
    private static final int PAYLOAD = HEADROOM + Ethernet.LENGTH + Ipv4.MAX_LENGTH;
    private static final int NONE = -1;

    private final FragmentListener listener;
    private final long timeoutNs;
    private final Datagrams datagrams;
    private final UnsafeBuffer blocks;
    private final int[] freeBlocks;
    private int freeBlockCount;

    private final ByteBuffer scratch = ByteBuffer.allocateDirect(BitUtil.align(PAYLOAD + 65536, 64));
    private final long scratchAddress;
    private final UnsafeBuffer scratchBuffer = new UnsafeBuffer(scratch);
    private final Frame datagram = new Frame();
    private final UnitSet starts = new UnitSet();
    private final Fragmenter fragmenter = new Fragmenter();
    private int fragmentCount;
    private int largestFragment;

    /**
     * Allocates a queue.
     *
     * @param datagrams most incomplete datagrams at a time
     * @param blockCount blocks of {@value #BLOCK_LENGTH} bytes that they share, enough for one whole datagram at least
     * @param timeoutNs nanoseconds that an incomplete datagram is kept
     * @param seed of the hash of addresses and identifications, not to be guessed by senders
     * @throws IllegalArgumentException if a number is too small
     */
    public FragmentQueue(
            final int datagrams,
            final int blockCount,
            final long timeoutNs,
            final int seed,
            final FragmentListener listener) {
        if (datagrams < 1 || blockCount < BLOCKS_PER_DATAGRAM || timeoutNs < 1) {
            throw new IllegalArgumentException("a fragment queue needs 1 datagram, " + BLOCKS_PER_DATAGRAM
                    + " blocks and some time, not " + datagrams + ", " + blockCount + " and " + timeoutNs + " ns");
        }
        this.listener = listener;
        this.timeoutNs = timeoutNs;
        this.datagrams = new Datagrams(datagrams, BLOCKS_PER_DATAGRAM, seed);
        this.blocks = new UnsafeBuffer(ByteBuffer.allocateDirect(Math.multiplyExact(blockCount, BLOCK_LENGTH)));
        this.freeBlocks = new int[blockCount];
        for (int i = 0; i < blockCount; i++) {
            freeBlocks[i] = blockCount - 1 - i;
        }
        this.freeBlockCount = blockCount;
        this.scratchAddress = scratchBuffer.addressOffset();
    }

    /**
     * Takes a fragment.
     *
     * @param view of the frame, for which {@link PacketView#isFragment()} holds
     * @return {@link #HELD}, {@link #COMPLETE}, or the {@link DropReason#id()} of this frame's end; fragments that were
     *     held before and end together with it are reported to the listener
     */
    public int offer(final Frame frame, final PacketView view, final long nowNs) {
        final int offset = view.fragmentOffset();
        final boolean last = !view.moreFragments();
        // the bytes behind the last whole unit of a middle fragment have no place
        final int length = last ? view.transportLength() : view.transportLength() & -UnitSet.UNIT;
        int slot = datagrams.find(view.source(), view.destination(), view.id(), view.protocol());
        if (slot != NONE && nowNs - datagrams.created(slot) >= timeoutNs) {
            expire(slot);
            slot = NONE;
        }
        final int problem = slot == NONE
                ? length <= 0 || offset + length > MAX_PAYLOAD ? DropReason.FRAGMENT_MALFORMED.id() : PacketView.OK
                : datagrams.check(slot, offset, length, last, MAX_PAYLOAD);
        if (problem == DropReason.FRAGMENT_DUPLICATE.id()) {
            return problem;
        }
        if (problem != PacketView.OK) {
            if (slot != NONE) {
                drop(slot, DropReason.of(problem));
            }
            return problem;
        }
        if (slot == NONE) {
            if (datagrams.isFull()) {
                drop(datagrams.oldest(), DropReason.FRAGMENT_QUEUE_FULL);
            }
            slot = datagrams.add(view.source(), view.destination(), view.id(), view.protocol(), nowNs);
        }
        store(slot, frame, view, offset, length);
        datagrams.onStored(slot, view, length, last);
        if (offset == 0) {
            datagrams.storeHeader(slot, frame, view, length);
        }
        return datagrams.isComplete(slot) ? complete(slot) : HELD;
    }

    private void store(final int slot, final Frame frame, final PacketView view, final int offset, final int length) {
        for (int done = 0; done < length; ) {
            final int place = offset + done;
            final int within = place % BLOCK_LENGTH;
            final int bytes = Math.min(length - done, BLOCK_LENGTH - within);
            int block = datagrams.block(slot, place / BLOCK_LENGTH);
            if (block == NONE) {
                block = takeBlock(slot);
                datagrams.block(slot, place / BLOCK_LENGTH, block);
            }
            blocks.putBytes(block * BLOCK_LENGTH + within, frame.buffer(), view.transportOffset() + done, bytes);
            done += bytes;
        }
    }

    /** A free block for {@code slot}; there are enough for one datagram, so that others must hold the rest. */
    private int takeBlock(final int slot) {
        while (freeBlockCount == 0) {
            final int oldest = datagrams.oldest();
            drop(oldest == slot ? datagrams.newer(oldest) : oldest, DropReason.FRAGMENT_QUEUE_FULL);
        }
        return freeBlocks[--freeBlockCount];
    }

    private int complete(final int slot) {
        final int tos = datagrams.mergedTos(slot);
        if (tos == NONE) {
            final int before = datagrams.fragmentCount(slot) - 1;
            release(slot);
            if (before > 0) {
                listener.onFragmentsDropped(DropReason.FRAGMENT_ECN, before);
            }
            return DropReason.FRAGMENT_ECN.id();
        }
        final int headerLength = datagrams.headerLength(slot);
        final int payload = datagrams.payloadLength(slot);
        if (headerLength + payload > Ipv4.MAX_TOTAL_LENGTH) {
            final int before = datagrams.fragmentCount(slot) - 1;
            release(slot);
            if (before > 0) {
                listener.onFragmentsDropped(DropReason.TOO_LARGE, before);
            }
            return DropReason.TOO_LARGE.id();
        }
        assemble(slot, payload);
        final UnsafeBuffer buffer = datagram.buffer();
        final int ip = datagram.offset() + Ethernet.LENGTH;
        buffer.putByte(ip + 1, (byte) tos);
        Ipv4.totalLength(buffer, ip, headerLength + payload);
        Ipv4.fragmentWord(buffer, ip, datagrams.allDontFragment(slot) ? Ipv4.DONT_FRAGMENT : 0);
        Ipv4.writeChecksum(buffer, ip);
        fragmentCount = datagrams.fragmentCount(slot);
        largestFragment = datagrams.largestFragment(slot);
        starts.copyFrom(datagrams.starts(slot));
        release(slot);
        return COMPLETE;
    }

    private void assemble(final int slot, final int payload) {
        final int headers = Ethernet.LENGTH + datagrams.headerLength(slot);
        datagram.wrap(scratchAddress, PAYLOAD - headers, headers + payload, scratch.capacity() - PAYLOAD + headers, 0);
        datagram.port(datagrams.port(slot));
        final UnsafeBuffer buffer = datagram.buffer();
        datagrams.loadHeader(slot, buffer, datagram.offset());
        for (int done = 0; done < payload; done += BLOCK_LENGTH) {
            final int block = datagrams.block(slot, done / BLOCK_LENGTH);
            buffer.putBytes(
                    datagram.offset() + headers + done,
                    blocks,
                    block * BLOCK_LENGTH,
                    Math.min(BLOCK_LENGTH, payload - done));
        }
    }

    /**
     * The whole datagram after {@link #COMPLETE}: the first fragment's headers, no fragment bits, valid until the next
     * call of {@link #offer} or {@link #poll}. It may be rewritten and may grow by its headroom of 68 bytes at least.
     */
    public Frame datagram() {
        return datagram;
    }

    /** Fragments, that is frames read, that the datagram came in. */
    public int fragmentCount() {
        return fragmentCount;
    }

    /** Bytes of the largest IP packet among the datagram's fragments; no piece of it should leave larger. */
    public int largestFragment() {
        return largestFragment;
    }

    /**
     * Sends {@link #datagram()} as it now is, in pieces of the sizes that it came in if the link takes them, else in
     * pieces as large as link and sender allow. Its payload must not have changed its length.
     *
     * @return {@link PacketView#OK}, or the {@link DropReason#id()} of {@link DropReason#NO_SCRATCH}; then nothing was
     *     sent
     */
    public int sendFragments(final FrameSink sink, final int port, final int mtu) {
        final UnsafeBuffer buffer = datagram.buffer();
        final int ip = datagram.offset() + Ethernet.LENGTH;
        final int headerLength = Ipv4.headerLength(buffer, ip);
        final int payload = Ipv4.totalLength(buffer, ip) - headerLength;
        if (largestFragment > mtu) {
            return fragmenter.fragment(datagram, mtu, sink, port);
        }
        fragmenter.begin();
        for (int from = 0; from < payload; ) {
            final int next = Math.min(starts.next(from + UnitSet.UNIT), payload);
            if (!fragmenter.add(datagram, sink, headerLength, from, next - from, next == payload)) {
                return DropReason.NO_SCRATCH.id();
            }
            from = next;
        }
        fragmenter.send(sink, port);
        return PacketView.OK;
    }

    /** Frames that the last {@link #sendFragments} sent. */
    public int sentCount() {
        return fragmenter.count();
    }

    /**
     * Throws out the datagrams whose time is over.
     *
     * @return how many datagrams
     */
    public int poll(final long nowNs) {
        int expired = 0;
        int slot = datagrams.oldest();
        while (slot != NONE && nowNs - datagrams.created(slot) >= timeoutNs) {
            expire(slot);
            expired++;
            slot = datagrams.oldest();
        }
        return expired;
    }

    /** Throws everything out, as at the end of the timeout but without telling the senders. */
    public void clear() {
        for (int slot = datagrams.oldest(); slot != NONE; slot = datagrams.oldest()) {
            drop(slot, DropReason.FRAGMENT_TIMEOUT);
        }
    }

    /** Incomplete datagrams. */
    public int size() {
        return datagrams.size();
    }

    /** Blocks of memory that are not in use. */
    public int freeBlocks() {
        return freeBlockCount;
    }

    private void expire(final int slot) {
        if (datagrams.hasFirst(slot)) {
            assemble(slot, datagrams.firstLength(slot));
            final int ip = datagram.offset() + Ethernet.LENGTH;
            Ipv4.totalLength(datagram.buffer(), ip, datagram.length() - Ethernet.LENGTH);
            Ipv4.writeChecksum(datagram.buffer(), ip);
            listener.onTimeout(datagram);
        }
        drop(slot, DropReason.FRAGMENT_TIMEOUT);
    }

    private void drop(final int slot, final DropReason reason) {
        final int frames = datagrams.fragmentCount(slot);
        release(slot);
        if (frames > 0) {
            listener.onFragmentsDropped(reason, frames);
        }
    }

    private void release(final int slot) {
        for (int i = 0; i < BLOCKS_PER_DATAGRAM; i++) {
            final int block = datagrams.block(slot, i);
            if (block != NONE) {
                datagrams.block(slot, i, NONE);
                freeBlocks[freeBlockCount++] = block;
            }
        }
        datagrams.remove(slot);
    }
}
