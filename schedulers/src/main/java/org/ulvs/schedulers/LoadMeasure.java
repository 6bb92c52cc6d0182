// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

/**
 * How a scheduler compares servers: the least {@code load / divisor} wins, ties go to the lower position. Compared by
 * cross multiplication in 64 bits, so that no precision is lost.
 *
 * <p>Numbers, not methods to be overridden: a tree asks for the load of every server that it compares, and a process
 * with several schedulers would pay for a call each time.
 */
final class LoadMeasure {
    /** Active connections count 256, inactive ones 1. */
    static final LoadMeasure OVERHEAD = new LoadMeasure(256, 1, 0, Admission.USABLE, true, false);
    /** As {@link #OVERHEAD}, weights ignored. */
    static final LoadMeasure OVERHEAD_UNWEIGHTED = new LoadMeasure(256, 1, 0, Admission.USABLE, false, false);
    /** Active connections with the one to come. */
    static final LoadMeasure EXPECTED_DELAY = new LoadMeasure(1, 0, 1, Admission.USABLE, true, false);
    /** As {@link #EXPECTED_DELAY}, but nothing is less than no active connection. */
    static final LoadMeasure EXPECTED_DELAY_UNLESS_IDLE = new LoadMeasure(1, 0, 1, Admission.USABLE, true, true);
    /** The greatest weight wins. */
    static final LoadMeasure WEIGHT = new LoadMeasure(0, 0, 1, Admission.USABLE, true, false);
    /** The greatest weight that is not exceeded wins. */
    static final LoadMeasure WEIGHT_NOT_EXCEEDED = new LoadMeasure(0, 0, 1, Admission.UP_TO_WEIGHT, true, false);
    /** Any server that is idle beside its weight, overloaded or not. */
    static final LoadMeasure ANY_IDLE = new LoadMeasure(0, 0, 1, Admission.BELOW_HALF_WEIGHT, false, false);

    /** Which servers may win. */
    private enum Admission {
        /** Of a weight, and not overloaded. */
        USABLE,
        /** Usable, with no more active connections than the weight. */
        UP_TO_WEIGHT,
        /** With fewer active connections than half of the weight. */
        BELOW_HALF_WEIGHT
    }

    private final long perActive;
    private final long perInactive;
    private final long base;
    private final Admission admission;
    private final boolean weighted;
    private final boolean idleFirst;

    private LoadMeasure(
            final long perActive,
            final long perInactive,
            final long base,
            final Admission admission,
            final boolean weighted,
            final boolean idleFirst) {
        this.perActive = perActive;
        this.perInactive = perInactive;
        this.base = base;
        this.admission = admission;
        this.weighted = weighted;
        this.idleFirst = idleFirst;
    }

    /** The load that the counts of a server make, 0 to 2^33. Grows, or the server stops to be admitted, by booking. */
    long load(final long counts) {
        final int active = Counts.active(counts);
        return idleFirst && active == 0 ? 0 : active * perActive + Counts.inactive(counts) * perInactive + base;
    }

    /** What the load of a server with this weight is divided by. */
    long divisor(final int weight) {
        return weighted ? weight : 1;
    }

    /** Whether the server may be chosen at all. */
    boolean admits(final long counts, final int weight) {
        if (admission == Admission.BELOW_HALF_WEIGHT) {
            return Counts.active(counts) * 2L < weight;
        }
        return weight > 0
                && !Counts.isOverloaded(counts)
                && (admission == Admission.USABLE || Counts.active(counts) <= weight);
    }
}
