// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.bench.pipeline;

/** Random numbers, the same in each run. */
final class Sequence {
    private long state = 0x9E37_79B9_7F4A_7C15L;

    /** A number from 0 to {@code bound - 1}. */
    int next(int bound) {
        state ^= state << 13;
        state ^= state >>> 7;
        state ^= state << 17;
        return (int) (((state >>> 32) * bound) >>> 32);
    }
}
