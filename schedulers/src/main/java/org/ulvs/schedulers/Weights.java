// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

/** Arithmetic with weights. */
final class Weights {
    private Weights() {}

    /** The greatest common divisor of two weights, where 0 is a multiple of everything. */
    static int greatestCommonDivisor(final int a, final int b) {
        int divisor = a;
        int remainder = b;
        while (remainder != 0) {
            final int next = divisor % remainder;
            divisor = remainder;
            remainder = next;
        }
        return divisor;
    }
}
