// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.panel;

import java.util.List;
import java.util.Locale;

/**
 * A line of samples in a box of 300 by 60, five minutes wide.
 *
 * @param points of the line
 * @param area the same line closed along the bottom
 * @param top the value at the upper edge
 * @param bytes whether the values are bytes a second
 */
public record Plot(String points, String area, long top, boolean bytes) {
    private static final int WIDTH = 300;
    private static final int HEIGHT = 60;
    private static final int LEAST = 10;
    private static final int LEAST_BYTES = 1_000;

    /** A plot whose right edge is now. */
    static Plot of(List<? extends Number> samples, int slots, boolean bytes) {
        double most = 0;
        for (final Number sample : samples) {
            most = Math.max(most, sample.doubleValue());
        }
        final long top = edge(most, bytes ? LEAST_BYTES : LEAST);
        final StringBuilder points = new StringBuilder();
        final double step = (double) WIDTH / Math.max(1, slots - 1);
        for (int i = 0; i < samples.size(); i++) {
            final double x = WIDTH - (samples.size() - 1 - i) * step;
            final double y = HEIGHT - samples.get(i).doubleValue() / top * HEIGHT;
            points.append(i == 0 ? "" : " ").append(String.format(Locale.ROOT, "%.1f,%.1f", x, y));
        }
        final double left = WIDTH - Math.max(0, samples.size() - 1) * step;
        final String area = samples.isEmpty()
                ? ""
                : String.format(Locale.ROOT, "%.1f,%d %s %d,%d", left, HEIGHT, points, WIDTH, HEIGHT);
        return new Plot(points.toString(), area, top, bytes);
    }

    /** The first of 1, 2 and 5 times a power of ten that is not below a value. */
    static long edge(double value, long least) {
        long power = 1;
        while (power * 10 <= value) {
            power *= 10;
        }
        for (final long factor : new long[] {1, 2, 5}) {
            if (factor * power >= value) {
                return Math.max(least, factor * power);
            }
        }
        return Math.max(least, 10 * power);
    }

    /** A value of the axis for people: 0 at the bottom, 2 at the upper edge. */
    public String mark(int half) {
        final long value = top * half / 2;
        return bytes ? Times.rate(value) : Long.toString(value);
    }
}
