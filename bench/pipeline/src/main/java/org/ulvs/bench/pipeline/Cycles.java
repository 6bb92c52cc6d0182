// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.bench.pipeline;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/**
 * How long a worker's cycles took in one process.
 *
 * @param histogram of all, in nanoseconds: HdrHistogram's compressed form, in Base64
 * @param longest of each round, in nanoseconds
 */
record Cycles(String histogram, List<Long> longest) {

    static Histogram empty() {
        return new Histogram(60_000_000_000L, 3);
    }

    /** The cycles of all passes. */
    static Histogram sum(List<Cycles> passes) {
        final Histogram sum = empty();
        try {
            for (final Cycles cycles : passes) {
                final ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(cycles.histogram));
                sum.add(Histogram.decodeFromCompressedByteBuffer(bytes, 0));
            }
        } catch (final DataFormatException e) {
            throw new IllegalArgumentException("no histogram", e);
        }
        return sum;
    }

    /**
     * The longest cycle that comes again, in nanoseconds. All passes do the same work in the same order: what ulvs
     * makes packets wait in a round, it does in that round of each of them.
     */
    static long longestThatComesAgain(List<Cycles> passes) {
        long result = 0;
        for (int round = 0; round < passes.get(0).longest.size(); round++) {
            long least = Long.MAX_VALUE;
            for (final Cycles pass : passes) {
                least = Math.min(least, pass.longest.get(round));
            }
            result = Math.max(result, least);
        }
        return result;
    }

    /** Collects the cycles of a process, round by round. */
    static final class Recorder {
        private final Histogram histogram = empty();
        private final List<Long> longest = new ArrayList<>();
        private long longestOfRound;

        void record(long ns) {
            histogram.recordValue(ns);
            longestOfRound = Math.max(longestOfRound, ns);
        }

        void endRound() {
            longest.add(longestOfRound);
            longestOfRound = 0;
        }

        Cycles cycles() {
            final ByteBuffer bytes = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
            final int length = histogram.encodeIntoCompressedByteBuffer(bytes);
            bytes.flip();
            final byte[] encoded = new byte[length];
            bytes.get(encoded);
            return new Cycles(Base64.getEncoder().encodeToString(encoded), Collections.unmodifiableList(longest));
        }
    }
}
