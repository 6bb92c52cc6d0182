// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.bench.report;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one benchmark handed over.
 *
 * @param benchmark its name.
 * @param settings what the figures depend on, by name.
 * @param tables the figures; none of them is shown when refused.
 * @param plots the same as curves.
 * @param targets what was to be reached.
 * @param refused why there are no figures, or null.
 */
record Result(
        String benchmark,
        Map<String, String> settings,
        List<Table> tables,
        List<Plot> plots,
        List<Target> targets,
        @Nullable String refused) {

    /**
     * Rows of cells, each a {@link String} or a {@link Double}; as many in each row as there are columns.
     *
     * @param title what it shows.
     * @param columns names with units.
     * @param rows the cells.
     * @param notes sentences below it.
     */
    record Table(String title, List<String> columns, List<List<Object>> rows, List<String> notes) {
        /** Whether a column holds a number and no text but empty ones. */
        boolean isNumeric(int column) {
            return rows.stream().anyMatch(row -> row.get(column) instanceof Double)
                    && rows.stream()
                            .map(row -> row.get(column))
                            .allMatch(cell -> cell instanceof Double || cell.equals(""));
        }
    }

    /**
     * Curves over two axes.
     *
     * @param title what it shows.
     * @param x the horizontal axis.
     * @param y the vertical axis.
     * @param series the curves.
     */
    record Plot(String title, Scale x, Scale y, List<Series> series) {}

    /**
     * An axis as the benchmark wants it.
     *
     * @param label quantity and unit.
     * @param logarithmic whether equal distances are equal ratios.
     */
    record Scale(String label, boolean logarithmic) {}

    /**
     * A curve.
     *
     * @param name for the legend.
     * @param points pairs of x and y.
     */
    record Series(String name, List<Point> points) {}

    /**
     * A point of a curve.
     *
     * @param x in units of the horizontal axis.
     * @param y in units of the vertical axis.
     */
    record Point(double x, double y) {}

    /**
     * What was to be reached.
     *
     * @param text what was measured.
     * @param unit of both numbers.
     * @param measured the figure, or null when it could not be measured.
     * @param atMost whether the limit must not be exceeded; otherwise it must be reached.
     * @param limit the figure that was wanted.
     * @param met whether it was.
     * @param reference what a C program that only rewrites reached in the same run, or null.
     * @param note what else to know, may be empty.
     */
    record Target(
            String text,
            String unit,
            @Nullable Double measured,
            boolean atMost,
            double limit,
            boolean met,
            @Nullable Double reference,
            String note) {

        /** What is said of it, as long as its benchmark is not refused. */
        Verdict verdict() {
            if (met) {
                return Verdict.MET;
            }
            return reference == null || reaches(reference, atMost, limit) ? Verdict.MISSED : Verdict.MISSED_BY_BOTH;
        }

        /** Whether a figure is within the limit. */
        static boolean reaches(double figure, boolean atMost, double limit) {
            return atMost ? figure <= limit : figure >= limit;
        }
    }

    /** What is said of a target. */
    enum Verdict {
        MET("met"),
        MISSED("missed"),
        /** By ulvs and, in the same run, by the reference. */
        MISSED_BY_BOTH("missed by both"),
        REFUSED("refused");

        private final String words;

        Verdict(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    /** What is said of one of this result's targets. */
    Verdict verdict(Target target) {
        return refused == null ? target.verdict() : Verdict.REFUSED;
    }

    /** This result without its figures. */
    Result refusedBecause(String sentence) {
        return new Result(benchmark, settings, tables, plots, targets, sentence);
    }
}
