// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.wire;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The Internet checksum (RFC 1071) and its incremental update (RFC 1624).
 *
 * <p>A <i>sum</i> is a one's complement sum as a value 0..0xFFFF in the order of the network; a <i>checksum</i> is a
 * sum's complement, as the header field holds it. A sum is 0 only when all that was added is 0, so that incremental and
 * full computation give the same 16 bits.
 */
public final class Checksums {
    private static final boolean LITTLE = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    private Checksums() {}

    /** Sum of a range; an odd last byte counts as the high half of a word. */
    public static int sum(final UnsafeBuffer buffer, final int index, final int length) {
        long low = 0;
        long high = 0;
        int i = index;
        final int end = index + length;
        for (final int last = end - 16; i <= last; i += 16) {
            final long first = Memory.getNativeLong(buffer, i);
            final long second = Memory.getNativeLong(buffer, i + 8);
            low += (first & 0xFFFF_FFFFL) + (second & 0xFFFF_FFFFL);
            high += (first >>> 32) + (second >>> 32);
        }
        if (i + 8 <= end) {
            final long word = Memory.getNativeLong(buffer, i);
            low += word & 0xFFFF_FFFFL;
            high += word >>> 32;
            i += 8;
        }
        if (i + 4 <= end) {
            low += Memory.getNativeInt(buffer, i) & 0xFFFF_FFFFL;
            i += 4;
        }
        if (i + 2 <= end) {
            low += Memory.getNativeShort(buffer, i) & 0xFFFF;
            i += 2;
        }
        if (i < end) {
            final int octet = Memory.getByte(buffer, i) & 0xFF;
            low += LITTLE ? octet : octet << 8;
        }
        final int folded = fold(low + high);
        return LITTLE ? (folded >>> 8 | folded << 8) & 0xFFFF : folded;
    }

    /** Folds a sum of many words, unsigned and below 2^63, into 16 bits. */
    public static int fold(final long sum) {
        return foldWords((sum & 0xFFFF_FFFFL) + (sum >>> 32));
    }

    /** As {@link #fold(long)}, for a sum of some 32-bit words: below 2^40. */
    static int foldWords(final long sum) {
        return foldFew((int) ((sum & 0xFFFF) + (sum >>> 16 & 0xFFFF) + (sum >>> 32)));
    }

    /** As {@link #fold(long)}, for a sum of a few words: below 2^31. */
    private static int foldFew(final int sum) {
        final int folded = (sum & 0xFFFF) + (sum >>> 16);
        return (folded & 0xFFFF) + (folded >>> 16);
    }

    /** Adds two sums. */
    public static int add(final int sum, final int other) {
        final int added = sum + other;
        return (added & 0xFFFF) + (added >>> 16);
    }

    /** The checksum of a sum. */
    public static int complement(final int sum) {
        return ~sum & 0xFFFF;
    }

    /** Sum of the pseudo header of TCP and UDP over IPv4, with the length of transport header and payload. */
    public static int pseudoHeader(final int source, final int destination, final int protocol, final int length) {
        return fold((source >>> 16)
                + (source & 0xFFFFL)
                + (destination >>> 16)
                + (destination & 0xFFFFL)
                + protocol
                + (length & 0xFFFFL));
    }

    /** The checksum after one 16-bit word that it covers has changed. */
    public static int update16(final int checksum, final int from, final int to) {
        return complement(replace16(complement(checksum), from, to));
    }

    /** The checksum after one 32-bit word, at an even place, has changed. */
    public static int update32(final int checksum, final int from, final int to) {
        return complement(replace32(complement(checksum), from, to));
    }

    /** The checksum after a 32-bit word and a 16-bit word have changed: an address and a port. */
    public static int update(final int checksum, final int from, final int to, final int fromPort, final int toPort) {
        return complement(foldFew(complement(checksum) + change32(from, to) + change16(fromPort, toPort)));
    }

    /** The sum, not complemented, after one 32-bit word has changed: for an unfinished checksum. */
    public static int replace32(final int sum, final int from, final int to) {
        return foldFew(sum + change32(from, to));
    }

    /** The sum, not complemented, after one 16-bit word has changed: for an unfinished checksum. */
    public static int replace16(final int sum, final int from, final int to) {
        return foldFew(sum + change16(from, to));
    }

    /** What a sum grows by; the same for the sums of all headers that cover the word. */
    private static int change32(final int from, final int to) {
        return (~from >>> 16) + (~from & 0xFFFF) + (to >>> 16) + (to & 0xFFFF);
    }

    private static int change16(final int from, final int to) {
        return (~from & 0xFFFF) + (to & 0xFFFF);
    }
}
