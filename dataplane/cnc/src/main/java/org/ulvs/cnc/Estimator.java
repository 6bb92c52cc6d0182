// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

/**
 * Rates of servers, services and the whole director, as the kernel estimates them: every two seconds each average moves
 * a quarter of the way to the rate just seen. Also sums what all servers ever counted, deleted ones included, which -Z
 * does not clear. Conductor thread only.
 */
public final class Estimator {
    /** Time between two ticks. */
    public static final long PERIOD_MS = 2_000;
    /** Averages of connections and packets a second are kept shifted so far. */
    public static final int RATE_SHIFT = 10;
    /** Averages of bytes a second are kept shifted so far. */
    public static final int BYTES_SHIFT = 5;

    private static final int FIRST_BYTES_FIGURE = 3;
    private static final int GAIN_SHIFT = 2;

    private final ServerRecords records;
    private final long[] seen;
    private final long[] totals = new long[ServerRecords.FIGURES];
    private final long[] lastTotals = new long[ServerRecords.FIGURES];
    private final long[] averages = new long[ServerRecords.FIGURES];

    /** Over the records of an instance; what they hold already counts into the totals. */
    public Estimator(ServerRecords records) {
        this.records = records;
        this.seen = new long[records.slots() * ServerRecords.FIGURES];
    }

    /** The scaled average after a tick of two seconds in which a total grew by {@code delta}. */
    static long average(long average, long delta, int figure) {
        final int shift = figure < FIRST_BYTES_FIGURE ? RATE_SHIFT : BYTES_SHIFT;
        final long rate = delta << (shift - 1);
        return average + ((rate - average) >> GAIN_SHIFT);
    }

    /** A scaled average as it is shown. */
    public static long shown(long average, int figure) {
        final int shift = figure < FIRST_BYTES_FIGURE ? RATE_SHIFT : BYTES_SHIFT;
        return (average + (1L << (shift - 1)) - 1) >> shift;
    }

    /** To be called every {@link #PERIOD_MS} with the table as it is. */
    public void tick(TableImage image) {
        collect(image);
        for (final ServiceImage service : image.services()) {
            for (int figure = 0; figure < ServerRecords.FIGURES; figure++) {
                long sum = records.folded(service.slot(), figure);
                for (final ServerImage server : service.servers()) {
                    final long total = records.total(server.slot(), figure);
                    estimate(server.slot(), figure, total);
                    sum += total;
                }
                estimate(service.slot(), figure, sum);
            }
        }
        for (int figure = 0; figure < ServerRecords.FIGURES; figure++) {
            averages[figure] = average(averages[figure], totals[figure] - lastTotals[figure], figure);
            lastTotals[figure] = totals[figure];
        }
    }

    private void estimate(int slot, int figure, long total) {
        final long delta = total - records.lastTotal(slot, figure);
        records.average(slot, figure, average(records.average(slot, figure), delta, figure));
        records.lastTotal(slot, figure, total);
    }

    /** Brings the totals up to date between ticks. */
    public void collect(TableImage image) {
        for (final ServiceImage service : image.services()) {
            for (final ServerImage server : service.servers()) {
                collect(server.slot());
            }
        }
        for (final RemovedServer removed : image.removed()) {
            collect(removed.server().slot());
        }
    }

    private void collect(int slot) {
        for (int figure = 0; figure < ServerRecords.FIGURES; figure++) {
            final int index = slot * ServerRecords.FIGURES + figure;
            final long total = records.total(slot, figure);
            // a smaller total is that of another server in the slot
            totals[figure] += total >= seen[index] ? total - seen[index] : total;
            seen[index] = total;
        }
    }

    /** What all servers ever counted. */
    public long total(int figure) {
        return totals[figure];
    }

    /** Rate of all servers together, as it is shown. */
    public long rate(int figure) {
        return shown(averages[figure], figure);
    }
}
