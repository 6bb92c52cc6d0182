// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.connection;

import org.agrona.concurrent.UnsafeBuffer;
import org.ulvs.cnc.MappedMemory;

/**
 * From tags to connections: a hash table of buckets, each of which is one cache line, so that nearly every search reads
 * one line. A bucket has eight entries and says how many others went further because it was full when they came (as the
 * chunks of F14 do): a search ends at the first bucket that none has passed, and removal moves nothing.
 *
 * <p>A bucket, in the byte order of the machine: two 64-bit words with the 16-bit tags of the entries 0 to 3 and 4 to
 * 7, 0 for a free one; 32 bits that say how many went further; and from byte 24 on eight 32-bit connections. All tags
 * are compared at once, without a branch. The home bucket goes by the upper bits of the 32-bit tag, what is compared by
 * the lower ones. Owned by the worker that owns the table.
 */
final class ConnectionIndex {
    /** No such connection. */
    static final int NONE = ConnectionTable.NONE;

    private static final int BUCKET_LENGTH = 64;
    private static final int FURTHER_OFFSET = 16;
    private static final int CONNECTIONS_OFFSET = 24;
    private static final int TAG_BITS = 16;
    private static final long EACH = 0x0001_0001_0001_0001L;
    private static final long HIGHEST = 0x8000_8000_8000_8000L;
    private static final long OTHERS = ~HIGHEST;
    private static final long LOWER_HALF = 0xFFFF_FFFFL;

    private final MappedMemory memory;
    private final int buckets;

    /**
     * An empty index.
     *
     * @param memory {@link #length} bytes, zeroed
     */
    ConnectionIndex(UnsafeBuffer memory, int capacity) {
        this.memory = new MappedMemory(memory);
        buckets = buckets(capacity);
    }

    /** Bytes for so many connections: 15.2 each, so that with all of them there are 1.9 entries for one. */
    static long length(int capacity) {
        return (long) buckets(capacity) * BUCKET_LENGTH;
    }

    private static int buckets(int capacity) {
        return Math.max(2, (int) Math.min(Integer.MAX_VALUE / BUCKET_LENGTH, capacity * 19L / 80));
    }

    /** Address of the bucket where a search will look first. */
    long address(int tag) {
        return memory.address() + home(tag);
    }

    private long home(int tag) {
        return (((tag & LOWER_HALF) * buckets) >>> Integer.SIZE) * BUCKET_LENGTH;
    }

    private long next(long bucket) {
        final long next = bucket + BUCKET_LENGTH;
        return next == (long) buckets * BUCKET_LENGTH ? 0 : next;
    }

    /** What is compared of a tag, in each 16 bits: never zero. */
    private static long pattern(int tag) {
        final int compared = tag & 0xFFFF;
        return (compared == 0 ? 1 : compared) * EACH;
    }

    /** The highest bit of each 16 that are zero. */
    private static long zeroes(long word) {
        return ~(((word & OTHERS) + OTHERS) | word) & HIGHEST;
    }

    /** A bit for each entry that has the pattern: what {@link #entry} understands. The lowest is found first. */
    private long matches(long bucket, long pattern) {
        return (zeroes(memory.getLong(bucket) ^ pattern) >>> (TAG_BITS - 1))
                | (zeroes(memory.getLong(bucket + Long.BYTES) ^ pattern) >>> (TAG_BITS - 2));
    }

    private static int entry(int bit) {
        return ((bit & 1) << 2) | (bit >>> 4);
    }

    private long connectionOffset(long bucket, int bit) {
        return bucket + CONNECTIONS_OFFSET + (long) entry(bit) * Integer.BYTES;
    }

    /** The newest connection with this tag, or {@link #NONE}; rarely one whose tag is alike. */
    int candidate(int tag) {
        final long position = first(tag);
        return position == NONE ? NONE : connection(position);
    }

    /** Where the newest connection is that may have this tag, or {@link #NONE}. */
    long first(int tag) {
        final long bucket = home(tag);
        return search(bucket, matches(bucket, pattern(tag)), tag);
    }

    /** Where the next older one is, or {@link #NONE}. */
    long next(long position, int tag) {
        final long bucket = bucket(position);
        return search(bucket, matches(bucket, pattern(tag)) & (-2L << bit(position)), tag);
    }

    private long search(long from, long matchesThere, int tag) {
        long bucket = from;
        long matches = matchesThere;
        while (matches == 0) {
            if (memory.getInt(bucket + FURTHER_OFFSET) == 0) {
                return NONE;
            }
            bucket = next(bucket);
            if (bucket == home(tag)) {
                return NONE;
            }
            matches = matches(bucket, pattern(tag));
        }
        return bucket + Long.numberOfTrailingZeros(matches);
    }

    private static long bucket(long position) {
        return position & -BUCKET_LENGTH;
    }

    private static int bit(long position) {
        return (int) position & (BUCKET_LENGTH - 1);
    }

    /** The connection at a position. */
    int connection(long position) {
        return memory.getInt(connectionOffset(bucket(position), bit(position)));
    }

    /** Adds a connection, which is found before those of the same tag that are there. */
    void insert(int tag, int connection) {
        final long pattern = pattern(tag);
        int carried = connection;
        long bucket = home(tag);
        while (true) {
            final long free = matches(bucket, 0);
            long places = free | matches(bucket, pattern);
            while (places != 0) {
                final int bit = Long.numberOfTrailingZeros(places);
                final long offset = connectionOffset(bucket, bit);
                final int older = memory.getInt(offset);
                memory.putInt(offset, carried);
                if (((free >>> bit) & 1) != 0) {
                    changeTag(bucket, bit, pattern);
                    return;
                }
                carried = older;
                places &= places - 1;
            }
            further(bucket, 1);
            bucket = next(bucket);
        }
    }

    /**
     * Takes a connection out.
     *
     * @throws IllegalStateException if it is not there
     */
    void remove(int tag, int connection) {
        long position = first(tag);
        while (position != NONE && connection(position) != connection) {
            position = next(position, tag);
        }
        if (position == NONE) {
            throw new IllegalStateException("connection " + connection + " is not in the index");
        }
        changeTag(bucket(position), bit(position), pattern(tag));
        for (long bucket = home(tag); bucket != bucket(position); bucket = next(bucket)) {
            further(bucket, -1);
        }
    }

    /** Gives a free entry a tag, or takes it away. */
    private void changeTag(long bucket, int bit, long pattern) {
        final int entry = entry(bit);
        final long word = bucket + (long) (entry >>> 2) * Long.BYTES;
        final int shift = (entry & 3) * TAG_BITS;
        memory.putLong(word, memory.getLong(word) ^ ((pattern & 0xFFFF) << shift));
    }

    private void further(long bucket, int change) {
        final long offset = bucket + FURTHER_OFFSET;
        memory.putInt(offset, memory.getInt(offset) + change);
    }
}
