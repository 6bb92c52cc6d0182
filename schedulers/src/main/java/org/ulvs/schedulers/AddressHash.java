// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

/** Hashes of addresses as the kernel computes them. */
final class AddressHash {
    private static final int GOLDEN_RATIO = 0x61C88647;

    private AddressHash() {}

    /** The kernel's hash_32: the upper bits of the value times the golden ratio. */
    static int hash(final int value, final int bits) {
        return (value * GOLDEN_RATIO) >>> (32 - bits);
    }

    /**
     * The kernel's hsiphash of one 32-bit value on 64-bit machines: SipHash-1-3 of its four little-endian bytes, both
     * halves of the key equal, cut to 32 bits.
     */
    static int sipHash13(final int value, final long key) {
        final long message = 4L << 56 | Integer.toUnsignedLong(value);
        long v0 = 0x736f6d6570736575L ^ key;
        long v1 = 0x646f72616e646f6dL ^ key;
        long v2 = 0x6c7967656e657261L ^ key;
        long v3 = 0x7465646279746573L ^ key ^ message;
        for (int i = 0; i < 4; i++) {
            if (i == 1) {
                v0 ^= message;
                v2 ^= 0xFF;
            }
            v0 += v1;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v3;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 += v3;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 += v1;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v2 = Long.rotateLeft(v2, 32);
        }
        return (int) (v0 ^ v1 ^ v2 ^ v3);
    }
}
