// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.ulvs.bench.report.Result.Table;
import org.ulvs.bench.report.Result.Target;
import org.ulvs.bench.report.Result.Verdict;

/** Tables for a terminal and for Markdown. */
final class Text {
    private static final Map<String, String> ABOUT = Map.of(
            "pipeline",
            "The code that forwards, by JMH: frames in memory, no input or output.",
            "memory",
            "What connections take, and the time that they take to come and to go.",
            "veth",
            "64-byte UDP frames through two virtual links, beside nftables and a C program that only rewrites.",
            "tcp",
            "One iperf3 stream, and requests of wrk to nginx, beside nftables, HAProxy and no balancer at all.",
            "start",
            "From exec to the first packet that is forwarded.",
            "idle",
            "What an idle dataplane takes of a core, and what the first frame after a pause waits.");

    private Text() {}

    /** Everything for a terminal. */
    static String plain(List<Result> results) {
        final StringBuilder out = new StringBuilder();
        for (final Result result : results) {
            out.append("\n== ").append(result.benchmark()).append('\n');
            if (result.refused() != null) {
                out.append("   REFUSED: ").append(result.refused()).append('\n');
                continue;
            }
            for (final Table table : result.tables()) {
                out.append('\n').append(table.title()).append('\n').append(columns(table));
                table.notes().forEach(note -> out.append("  ").append(note).append('\n'));
            }
        }
        return out.append("\n== Targets\n\n")
                .append(columns(targets(results)))
                .append("\n  ")
                .append(summary(results))
                .append('\n')
                .toString();
    }

    /** Everything as a document. */
    static String markdown(Map<String, String> facts, List<Result> results) {
        final StringBuilder out = new StringBuilder("# Performance\n\nMade by `./ulvs bench`, which "
                + "`bench/README.md` explains. Only ratios within one run count; "
                + "other machines give other figures.\n\n");
        facts.forEach((name, value) ->
                out.append("* ").append(name).append(": ").append(value).append('\n'));
        out.append("\n## Targets\n\n").append(summary(results)).append("\n\n").append(markdown(targets(results)));
        for (final Result result : results) {
            out.append("\n## ").append(result.benchmark()).append("\n\n");
            out.append(about(result.benchmark())).append("\n\n");
            if (result.refused() != null) {
                out.append("Refused: ").append(result.refused()).append(".\n");
                continue;
            }
            result.settings()
                    .forEach((name, value) -> out.append("* ")
                            .append(name)
                            .append(": ")
                            .append(value)
                            .append('\n'));
            for (final Table table : result.tables()) {
                out.append("\n### ").append(table.title()).append("\n\n").append(markdown(table));
                table.notes().forEach(note -> out.append('\n').append(note).append('\n'));
            }
        }
        return out.toString();
    }

    /** The targets of all benchmarks: met, missed or refused. */
    static Table targets(List<Result> results) {
        final List<List<Object>> rows = new ArrayList<>();
        for (final Result result : results) {
            for (final Target target : result.targets()) {
                rows.add(List.of(
                        result.benchmark(),
                        target.text(),
                        figure(result, target, target.measured()),
                        target.reference() == null ? "" : figure(result, target, target.reference()),
                        (target.atMost() ? "≤ " : "≥ ") + Figures.format(target.limit()) + " " + target.unit(),
                        result.verdict(target).toString(),
                        target.note()));
            }
        }
        return new Table(
                "Targets",
                List.of("benchmark", "target", "measured", "C reference", "wanted", "verdict", "note"),
                rows,
                List.of());
    }

    private static String figure(Result result, Target target, @Nullable Double figure) {
        return result.refused() != null || figure == null ? "–" : Figures.format(figure) + " " + target.unit();
    }

    private static String columns(Table table) {
        final int[] widths = new int[table.columns().size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = table.columns().get(i).length();
            for (final List<Object> row : table.rows()) {
                widths[i] = Math.max(widths[i], Figures.cell(row.get(i)).length());
            }
        }
        final StringBuilder out = new StringBuilder();
        line(out, widths, List.copyOf(table.columns()));
        table.rows().forEach(row -> line(out, widths, row));
        return out.toString();
    }

    private static void line(StringBuilder out, int[] widths, List<? extends Object> row) {
        final StringBuilder line = new StringBuilder(" ");
        for (int i = 0; i < widths.length; i++) {
            final String cell = Figures.cell(row.get(i));
            final String pad = " ".repeat(widths[i] - cell.length());
            line.append(' ')
                    .append(row.get(i) instanceof Double ? pad + cell : cell + pad)
                    .append(' ');
        }
        out.append(line.toString().stripTrailing()).append('\n');
    }

    private static String markdown(Table table) {
        final StringBuilder out = new StringBuilder();
        markdownRow(out, List.copyOf(table.columns()));
        out.append("|---".repeat(table.columns().size())).append("|\n");
        table.rows().forEach(row -> markdownRow(out, row));
        return out.toString();
    }

    private static void markdownRow(StringBuilder out, List<? extends Object> row) {
        for (final Object cell : row) {
            out.append("| ")
                    .append(Figures.cell(cell).replace("|", "\\|").replace("<", "&lt;"))
                    .append(' ');
        }
        out.append("|\n");
    }

    /** How many targets are met, in a sentence. */
    static String summary(List<Result> results) {
        final Map<Verdict, Long> verdicts = results.stream()
                .flatMap(result -> result.targets().stream().map(result::verdict))
                .collect(Collectors.groupingBy(verdict -> verdict, Collectors.counting()));
        final long met = verdicts.getOrDefault(Verdict.MET, 0L);
        final long both = verdicts.getOrDefault(Verdict.MISSED_BY_BOTH, 0L);
        final long missed = verdicts.getOrDefault(Verdict.MISSED, 0L) + both;
        final long refused = verdicts.getOrDefault(Verdict.REFUSED, 0L);
        return met + " of " + (met + missed + refused) + " targets are met, " + missed + " missed"
                + (both == 0 ? "" : " (" + both + " of them by the C reference as well)")
                + (refused == 0 ? "." : ", " + refused + " not judged, since their figures are refused.");
    }

    /** What a benchmark measures, in a sentence. */
    static String about(String benchmark) {
        return ABOUT.getOrDefault(benchmark, "");
    }
}
