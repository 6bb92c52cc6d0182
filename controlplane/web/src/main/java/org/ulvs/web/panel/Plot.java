// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.panel;

import java.util.List;
import java.util.Locale;

/**
 * A line of samples in a box of 300 by 60.
 *
 * @param points of the line
 * @param area the same line closed along the bottom
 * @param top the value at the upper edge, for people
 * @param peak the same as a number
 */
public record Plot(String points, String area, String top, long peak) {
    private static final int WIDTH = 300;
    private static final int HEIGHT = 60;

    /** A plot whose right edge is now. */
    static Plot of(List<? extends Number> samples, int slots, boolean bytes) {
        double top = 1;
        for (final Number sample : samples) {
            top = Math.max(top, sample.doubleValue());
        }
        final StringBuilder points = new StringBuilder();
        final double step = (double) WIDTH / Math.max(1, slots - 1);
        for (int i = 0; i < samples.size(); i++) {
            final double x = WIDTH - (samples.size() - 1 - i) * step;
            final double y = HEIGHT - 1 - samples.get(i).doubleValue() / top * (HEIGHT - 4);
            points.append(i == 0 ? "" : " ").append(String.format(Locale.ROOT, "%.1f,%.1f", x, y));
        }
        final double left = WIDTH - Math.max(0, samples.size() - 1) * step;
        final String area = samples.isEmpty()
                ? ""
                : String.format(Locale.ROOT, "%.1f,%d %s %d,%d", left, HEIGHT, points, WIDTH, HEIGHT);
        return new Plot(
                points.toString(), area, bytes ? Times.rate((long) top) : Long.toString((long) top), (long) top);
    }
}
