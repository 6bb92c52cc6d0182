// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.panel;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.ulvs.web.live.History;

/**
 * Lines of samples in a box of 300 by 60, five minutes wide; its right edge is now.
 *
 * @param title what is plotted
 * @param unit of all lines
 * @param top the value at the upper edge
 * @param lines at least one
 */
public record Plot(String title, Unit unit, long top, List<Line> lines) {
    private static final int WIDTH = 300;
    private static final int HEIGHT = 60;

    /** Keeps its own list. */
    public Plot {
        lines = List.copyOf(lines);
    }

    /**
     * A line.
     *
     * @param column of an event that carries its next sample
     * @param label in the legend
     * @param points for SVG
     * @param now the newest sample for people, empty for none
     */
    public record Line(String column, String label, String points, String now) {}

    /** What is counted, and the least value of the upper edge. */
    public enum Unit {
        /** So many. */
        COUNT(10, ""),
        /** So many a second. */
        A_SECOND(10, "/s"),
        /** Packets a second. */
        PACKETS(10, " pkt/s"),
        /** Bytes a second. */
        BYTES(1_000, " B/s");

        private final long least;
        private final String suffix;

        Unit(long least, String suffix) {
            this.least = least;
            this.suffix = suffix;
        }

        /** The least value of the upper edge. */
        public long least() {
            return least;
        }

        /** What follows a number; a prefix as k goes before the letter of a unit. */
        public String suffix() {
            return suffix;
        }

        String text(double value) {
            return Times.amount(Math.round(value), suffix);
        }
    }

    /** Active connections alone, for a line of a table. */
    static Plot spark(History history, String key) {
        return of("Active connections", Unit.COUNT, line(history, key, History.Series.ACTIVE, "active"));
    }

    /** The four plots of a service or a server. */
    static List<Plot> all(History history, String key) {
        return List.of(
                of(
                        "Connections",
                        Unit.COUNT,
                        line(history, key, History.Series.ACTIVE, "active"),
                        line(history, key, History.Series.INACTIVE, "inactive")),
                of("New connections", Unit.A_SECOND, line(history, key, History.Series.CONNECTIONS, "made")),
                of(
                        "Packets",
                        Unit.PACKETS,
                        line(history, key, History.Series.PACKETS_IN, "from clients"),
                        line(history, key, History.Series.PACKETS_OUT, "to clients")),
                of(
                        "Traffic",
                        Unit.BYTES,
                        line(history, key, History.Series.BYTES_IN, "from clients"),
                        line(history, key, History.Series.BYTES_OUT, "to clients")));
    }

    private static final class Samples {
        private final String column;
        private final String label;
        private final float[] values;

        Samples(String column, String label, float[] values) {
            this.column = column;
            this.label = label;
            this.values = values;
        }
    }

    private static Samples line(History history, String key, History.Series series, String label) {
        return new Samples(column(series), label, history.samples(key, series));
    }

    /** The name of a series in events: {@code bytesIn}. */
    static String column(History.Series series) {
        final String name = series.name().toLowerCase(Locale.ROOT);
        final int underscore = name.indexOf('_');
        return underscore < 0
                ? name
                : name.substring(0, underscore)
                        + Character.toUpperCase(name.charAt(underscore + 1))
                        + name.substring(underscore + 2);
    }

    private static Plot of(String title, Unit unit, Samples... series) {
        double most = 0;
        for (final Samples samples : series) {
            for (final float value : samples.values) {
                most = Math.max(most, value);
            }
        }
        final long top = edge(most, unit.least());
        final List<Line> lines = new ArrayList<>();
        for (final Samples samples : series) {
            final float[] values = samples.values;
            final double now = values.length == 0 ? 0 : values[values.length - 1];
            lines.add(new Line(samples.column, samples.label, points(values, top), unit.text(now)));
        }
        return new Plot(title, unit, top, lines);
    }

    private static String points(float[] values, long top) {
        final StringBuilder points = new StringBuilder(values.length * 11);
        final double step = (double) WIDTH / (History.SAMPLES - 1);
        for (int i = 0; i < values.length; i++) {
            if (i > 0) {
                points.append(' ');
            }
            tenths(points, WIDTH - (values.length - 1 - i) * step);
            points.append(',');
            tenths(points, HEIGHT - (double) values[i] / top * HEIGHT);
        }
        return points.toString();
    }

    /** A number that is not negative, with one decimal: a page has tens of thousands of them. */
    private static void tenths(StringBuilder to, double value) {
        final long tenths = Math.round(value * 10);
        to.append(tenths / 10).append('.').append(tenths % 10);
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
        return unit.text((double) top * half / 2);
    }

    /** For who does not see the lines. */
    public String description() {
        final List<String> labels = lines.stream().map(Line::label).toList();
        return title + ", the last five minutes, from " + mark(0) + " to " + mark(2) + ": "
                + String.join(" and ", labels);
    }
}
