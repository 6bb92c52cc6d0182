// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

/**
 * How a scheduler compares servers: the least {@code load / divisor} wins, ties go to the lower position. Compared by
 * cross multiplication in 64 bits, so that no precision is lost.
 */
abstract class LoadMeasure {
    /** The load that the counts of a server make, 0 to 2^33. Grows, or the server stops to be admitted, by booking. */
    abstract long load(long counts);

    /** What the load of a server with this weight is divided by. */
    abstract long divisor(int weight);

    /** Whether the server may be chosen at all. */
    boolean admits(final long counts, final int weight) {
        return weight > 0 && !Counts.isOverloaded(counts);
    }
}
