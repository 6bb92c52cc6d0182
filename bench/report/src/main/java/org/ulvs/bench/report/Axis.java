// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.bench.report;

import java.util.ArrayList;
import java.util.List;

/** One axis of a plot: from its values to pixels, and where its marks are. */
final class Axis {
    private static final int WANTED_MARKS = 6;
    private static final double FEW_DECADES = 3;

    private final boolean logarithmic;
    private final double least;
    private final double most;
    private final double from;
    private final double to;

    private Axis(boolean logarithmic, double least, double most, double from, double to) {
        this.logarithmic = logarithmic;
        this.least = least;
        this.most = most;
        this.from = from;
        this.to = to;
    }

    /**
     * An axis that shows all values from the least to the most.
     *
     * @param withZero whether a linear axis begins at zero.
     * @param from pixel of its beginning.
     * @param to pixel of its end.
     */
    static Axis over(boolean logarithmic, boolean withZero, double least, double most, double from, double to) {
        if (logarithmic) {
            final double low = Math.pow(10, Math.floor(Math.log10(least) + 1e-9));
            final double high = Math.pow(10, Math.ceil(Math.log10(most) - 1e-9));
            return new Axis(true, low, high > low ? high : low * 10, from, to);
        }
        final double low = withZero ? Math.min(0, least) : least;
        final double high = most > low ? most : low + 1;
        final double step = step(high - low);
        return new Axis(false, Math.floor(low / step) * step, Math.ceil(high / step - 1e-9) * step, from, to);
    }

    double pixel(double value) {
        final double share =
                logarithmic ? Math.log(value / least) / Math.log(most / least) : (value - least) / (most - least);
        return from + share * (to - from);
    }

    /** Values with a mark, the smallest first. */
    List<Double> marks() {
        final List<Double> marks = new ArrayList<>();
        if (logarithmic) {
            final boolean between = Math.log10(most / least) <= FEW_DECADES;
            for (double decade = least; decade <= most * 1.0001; decade *= 10) {
                for (final int factor : between ? new int[] {1, 2, 5} : new int[] {1}) {
                    if (decade * factor <= most * 1.0001) {
                        marks.add(decade * factor);
                    }
                }
            }
        } else {
            final double step = step(most - least);
            for (int i = 0; least + i * step <= most + step / 2; i++) {
                marks.add(least + i * step);
            }
        }
        return marks;
    }

    private static double step(double length) {
        final double raw = length / WANTED_MARKS;
        final double decade = Math.pow(10, Math.floor(Math.log10(raw)));
        final double factor = raw / decade;
        return decade * (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10);
    }
}
