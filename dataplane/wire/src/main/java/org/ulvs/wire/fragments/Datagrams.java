// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.wire.fragments;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.ulvs.wire.DropReason;
import org.ulvs.wire.Ethernet;
import org.ulvs.wire.Frame;
import org.ulvs.wire.Ipv4;
import org.ulvs.wire.PacketView;

/** What is known of incomplete datagrams: a fixed number of slots, found by key and kept in the order of arrival. */
final class Datagrams {
    private static final int NONE = -1;
    private static final int HEADER_LENGTH = BitUtil.align(Ethernet.LENGTH + Ipv4.MAX_LENGTH, 8);
    private static final int ECN_MASK = 0x03;
    private static final int ECN_CE = 0x03;
    private static final int NOT_ECT_SEEN = 1;
    private static final int CE_SEEN = 1 << ECN_CE;

    private final int seed;
    private final int blocksPerDatagram;
    private final int[] buckets;
    private final int[] nextInBucket;
    private final int[] older;
    private final int[] newer;
    private final int[] source;
    private final int[] destination;
    private final int[] idAndProtocol;
    private final long[] created;
    private final int[] fragmentCount;
    private final int[] bytes;
    private final int[] extent;
    private final boolean[] hasLast;
    private final int[] headerLength;
    private final int[] firstLength;
    private final int[] firstTos;
    private final int[] ports;
    private final int[] ecn;
    private final int[] largest;
    private final int[] largestDontFragment;
    private final int[] blocks;
    private final UnitSet[] present;
    private final UnitSet[] starts;
    private final UnsafeBuffer headers;
    private int free;
    private int oldest = NONE;
    private int newest = NONE;
    private int size;

    Datagrams(final int capacity, final int blocksPerDatagram, final int seed) {
        this.seed = seed;
        this.blocksPerDatagram = blocksPerDatagram;
        buckets = new int[BitUtil.findNextPositivePowerOfTwo(capacity * 2)];
        Arrays.fill(buckets, NONE);
        nextInBucket = new int[capacity];
        older = new int[capacity];
        newer = new int[capacity];
        source = new int[capacity];
        destination = new int[capacity];
        idAndProtocol = new int[capacity];
        created = new long[capacity];
        fragmentCount = new int[capacity];
        bytes = new int[capacity];
        extent = new int[capacity];
        hasLast = new boolean[capacity];
        headerLength = new int[capacity];
        firstLength = new int[capacity];
        firstTos = new int[capacity];
        ports = new int[capacity];
        ecn = new int[capacity];
        largest = new int[capacity];
        largestDontFragment = new int[capacity];
        blocks = new int[capacity * blocksPerDatagram];
        Arrays.fill(blocks, NONE);
        present = new UnitSet[capacity];
        starts = new UnitSet[capacity];
        headers = new UnsafeBuffer(ByteBuffer.allocateDirect(capacity * HEADER_LENGTH));
        for (int i = 0; i < capacity; i++) {
            present[i] = new UnitSet();
            starts[i] = new UnitSet();
            nextInBucket[i] = i + 1 < capacity ? i + 1 : NONE;
        }
        free = 0;
    }

    int find(final int from, final int to, final int id, final int protocol) {
        final int key = id << 8 | protocol;
        int slot = buckets[bucket(from, to, key)];
        while (slot != NONE && (source[slot] != from || destination[slot] != to || idAndProtocol[slot] != key)) {
            slot = nextInBucket[slot];
        }
        return slot;
    }

    int add(final int from, final int to, final int id, final int protocol, final long nowNs) {
        final int slot = free;
        free = nextInBucket[slot];
        source[slot] = from;
        destination[slot] = to;
        idAndProtocol[slot] = id << 8 | protocol;
        created[slot] = nowNs;
        fragmentCount[slot] = 0;
        bytes[slot] = 0;
        extent[slot] = 0;
        hasLast[slot] = false;
        headerLength[slot] = 0;
        firstLength[slot] = 0;
        firstTos[slot] = 0;
        ports[slot] = 0;
        ecn[slot] = 0;
        largest[slot] = 0;
        largestDontFragment[slot] = 0;
        present[slot].clear();
        starts[slot].clear();
        final int bucket = bucket(from, to, idAndProtocol[slot]);
        nextInBucket[slot] = buckets[bucket];
        buckets[bucket] = slot;
        older[slot] = newest;
        newer[slot] = NONE;
        if (newest == NONE) {
            oldest = slot;
        } else {
            newer[newest] = slot;
        }
        newest = slot;
        size++;
        return slot;
    }

    void remove(final int slot) {
        final int bucket = bucket(source[slot], destination[slot], idAndProtocol[slot]);
        if (buckets[bucket] == slot) {
            buckets[bucket] = nextInBucket[slot];
        } else {
            int before = buckets[bucket];
            while (nextInBucket[before] != slot) {
                before = nextInBucket[before];
            }
            nextInBucket[before] = nextInBucket[slot];
        }
        if (older[slot] == NONE) {
            oldest = newer[slot];
        } else {
            newer[older[slot]] = newer[slot];
        }
        if (newer[slot] == NONE) {
            newest = older[slot];
        } else {
            older[newer[slot]] = older[slot];
        }
        nextInBucket[slot] = free;
        free = slot;
        size--;
    }

    /** Whether a fragment fits to what is there: OK, FRAGMENT_DUPLICATE (harmless), or why the datagram is refused. */
    int check(final int slot, final int offset, final int length, final boolean last, final int maxPayload) {
        final int end = offset + length;
        if (length <= 0 || end > maxPayload) {
            return DropReason.FRAGMENT_MALFORMED.id();
        }
        if (last ? end < extent[slot] || (hasLast[slot] && end != extent[slot]) : hasLast[slot] && end > extent[slot]) {
            return DropReason.FRAGMENT_MALFORMED.id();
        }
        final int there = present[slot].count(offset, length);
        if (there == 0) {
            return PacketView.OK;
        }
        final int units = (length + UnitSet.UNIT - 1) / UnitSet.UNIT;
        return there == units ? DropReason.FRAGMENT_DUPLICATE.id() : DropReason.FRAGMENT_OVERLAP.id();
    }

    void onStored(final int slot, final PacketView view, final int length, final boolean last) {
        final int offset = view.fragmentOffset();
        present[slot].addRange(offset, length);
        starts[slot].add(offset);
        bytes[slot] += length;
        extent[slot] = Math.max(extent[slot], offset + length);
        hasLast[slot] |= last;
        fragmentCount[slot]++;
        ecn[slot] |= 1 << (view.tos() & ECN_MASK);
        final int packet = view.ipHeaderLength() + length;
        largest[slot] = Math.max(largest[slot], packet);
        if (view.dontFragment()) {
            largestDontFragment[slot] = Math.max(largestDontFragment[slot], packet);
        }
    }

    void storeHeader(final int slot, final Frame frame, final PacketView view, final int length) {
        headerLength[slot] = view.ipHeaderLength();
        firstLength[slot] = length;
        firstTos[slot] = view.tos();
        ports[slot] = frame.port();
        headers.putBytes(slot * HEADER_LENGTH, frame.buffer(), frame.offset(), Ethernet.LENGTH + view.ipHeaderLength());
    }

    void loadHeader(final int slot, final UnsafeBuffer target, final int index) {
        target.putBytes(index, headers, slot * HEADER_LENGTH, Ethernet.LENGTH + headerLength[slot]);
    }

    boolean isComplete(final int slot) {
        return hasLast[slot] && headerLength[slot] != 0 && bytes[slot] == extent[slot];
    }

    /** The first fragment's type of service with the congestion mark of all, or -1 if the marks contradict. */
    int mergedTos(final int slot) {
        final int seen = ecn[slot];
        if ((seen & NOT_ECT_SEEN) != 0 && seen != NOT_ECT_SEEN) {
            return NONE;
        }
        return (seen & CE_SEEN) != 0 ? firstTos[slot] | ECN_CE : firstTos[slot];
    }

    /** Whether the largest fragments forbid fragmentation: the sender is discovering the path's MTU with them. */
    boolean allDontFragment(final int slot) {
        return largestDontFragment[slot] == largest[slot];
    }

    boolean hasFirst(final int slot) {
        return headerLength[slot] != 0;
    }

    int headerLength(final int slot) {
        return headerLength[slot];
    }

    int firstLength(final int slot) {
        return firstLength[slot];
    }

    int payloadLength(final int slot) {
        return extent[slot];
    }

    int port(final int slot) {
        return ports[slot];
    }

    int fragmentCount(final int slot) {
        return fragmentCount[slot];
    }

    int largestFragment(final int slot) {
        return largest[slot];
    }

    UnitSet starts(final int slot) {
        return starts[slot];
    }

    long created(final int slot) {
        return created[slot];
    }

    int block(final int slot, final int index) {
        return blocks[slot * blocksPerDatagram + index];
    }

    void block(final int slot, final int index, final int block) {
        blocks[slot * blocksPerDatagram + index] = block;
    }

    int oldest() {
        return oldest;
    }

    int newer(final int slot) {
        return newer[slot];
    }

    boolean isFull() {
        return free == NONE;
    }

    int size() {
        return size;
    }

    private int bucket(final int from, final int to, final int key) {
        int hash = (from ^ seed) * 0x9E37_79B1;
        hash = (Integer.rotateLeft(hash, 15) ^ to) * 0x85EB_CA77;
        hash = (Integer.rotateLeft(hash, 13) ^ key) * 0xC2B2_AE3D;
        return (hash ^ (hash >>> 16)) & (buckets.length - 1);
    }
}
