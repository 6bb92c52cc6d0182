// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.bench.report;

import java.util.Locale;
import org.ulvs.bench.report.Result.Plot;
import org.ulvs.bench.report.Result.Point;
import org.ulvs.bench.report.Result.Series;

/** A plot as SVG within a page: its colours are the page's classes, so that it follows dark and light. */
final class Svg {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 340;
    private static final int LEFT = 72;
    private static final int RIGHT = 16;
    private static final int TOP = 14;
    private static final int BOTTOM = 50;
    /** Curves that have a colour of their own in a plot: the classes c0, c1 and so on. */
    static final int COLOURS = 8;

    private Svg() {}

    /** The plot, or a sentence when it has no point. */
    static String plot(Plot plot) {
        double leastX = Double.POSITIVE_INFINITY;
        double mostX = Double.NEGATIVE_INFINITY;
        double leastY = Double.POSITIVE_INFINITY;
        double mostY = Double.NEGATIVE_INFINITY;
        for (final Series series : plot.series()) {
            for (final Point point : series.points()) {
                leastX = Math.min(leastX, point.x());
                mostX = Math.max(mostX, point.x());
                leastY = Math.min(leastY, point.y());
                mostY = Math.max(mostY, point.y());
            }
        }
        if (leastX > mostX) {
            return "<p class=\"note\">Nothing was measured for this plot.</p>\n";
        }
        final Axis x = Axis.over(plot.x().logarithmic(), false, leastX, mostX, LEFT, WIDTH - RIGHT);
        final Axis y = Axis.over(plot.y().logarithmic(), true, leastY, mostY, HEIGHT - BOTTOM, TOP);
        final StringBuilder svg = new StringBuilder();
        add(
                svg,
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n",
                WIDTH,
                HEIGHT,
                Html.text(plot.title()));
        grid(svg, x, y);
        add(
                svg,
                "<text class=\"axis\" x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>\n",
                (LEFT + WIDTH - RIGHT) / 2,
                HEIGHT - 8,
                Html.text(label(plot.x())));
        add(
                svg,
                "<text class=\"axis\" transform=\"translate(14 %d) rotate(-90)\" text-anchor=\"middle\">%s</text>\n",
                (TOP + HEIGHT - BOTTOM) / 2,
                Html.text(label(plot.y())));
        for (int i = 0; i < plot.series().size(); i++) {
            curve(svg, plot.series().get(i), i, x, y);
        }
        svg.append("</svg>\n");
        return svg + legend(plot);
    }

    private static String label(Result.Scale scale) {
        return scale.logarithmic() ? scale.label() + " (log)" : scale.label();
    }

    private static void grid(StringBuilder svg, Axis x, Axis y) {
        for (final double mark : y.marks()) {
            final double at = y.pixel(mark);
            add(svg, "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>", LEFT, WIDTH - RIGHT, at, at);
            add(svg, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n", LEFT - 8, at + 4, Figures.mark(mark));
        }
        for (final double mark : x.marks()) {
            final double at = x.pixel(mark);
            add(
                    svg,
                    "<line class=\"grid\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>",
                    at,
                    at,
                    TOP,
                    HEIGHT - BOTTOM);
            add(
                    svg,
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>\n",
                    at,
                    HEIGHT - BOTTOM + 18,
                    Figures.mark(mark));
        }
    }

    /** What is added to the class of a series beyond the colours: those come once more, with a broken line. */
    private static String style(int number) {
        return number < COLOURS ? "" : " more";
    }

    private static void curve(StringBuilder svg, Series series, int number, Axis x, Axis y) {
        add(svg, "<g class=\"c%d%s\"><polyline points=\"", number % COLOURS, style(number));
        for (final Point point : series.points()) {
            add(svg, "%.1f,%.1f ", x.pixel(point.x()), y.pixel(point.y()));
        }
        svg.append("\"/>\n");
        for (final Point point : series.points()) {
            add(
                    svg,
                    "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\"><title>%s: %s, %s</title></circle>\n",
                    x.pixel(point.x()),
                    y.pixel(point.y()),
                    Html.text(series.name()),
                    Figures.format(point.x()),
                    Figures.format(point.y()));
        }
        svg.append("</g>\n");
    }

    private static String legend(Plot plot) {
        final StringBuilder legend = new StringBuilder("<ul class=\"legend\">");
        for (int i = 0; i < plot.series().size(); i++) {
            add(
                    legend,
                    "<li><span class=\"key k%d%s\"></span>%s</li>",
                    i % COLOURS,
                    style(i),
                    Html.text(plot.series().get(i).name()));
        }
        return legend.append("</ul>\n").toString();
    }

    private static void add(StringBuilder to, String format, Object... values) {
        to.append(String.format(Locale.ROOT, format, values));
    }
}
