// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.bench.report;

import java.util.List;
import java.util.Map;
import org.ulvs.bench.report.Result.Plot;
import org.ulvs.bench.report.Result.Table;

/** The report as one page that needs nothing but itself. */
final class Page {
    private Page() {}

    static String html(Map<String, String> facts, List<Result> results) {
        final StringBuilder out =
                new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                        + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                        + "<title>ulvs: performance</title>\n<style>\n"
                        + STYLE
                        + curveStyle()
                        + "</style>\n</head>\n<body>\n<header><h1>How fast is ulvs here?</h1>\n"
                        + "<p>Measured beside its peers in one run. "
                        + "Only ratios within this page count.</p></header>\n<main>\n");
        out.append("<section><h2>Targets</h2>\n<p>")
                .append(Html.text(Text.summary(results)))
                .append("</p>\n");
        table(out, Text.targets(results));
        out.append("</section>\n<section><h2>Machine and settings</h2>\n");
        facts(out, facts);
        out.append("</section>\n");
        results.forEach(result -> section(out, result));
        return out.append("</main>\n</body>\n</html>\n").toString();
    }

    private static void section(StringBuilder out, Result result) {
        out.append("<section><h2>")
                .append(Html.text(result.benchmark()))
                .append("</h2>\n<p class=\"about\">")
                .append(Html.text(Text.about(result.benchmark())))
                .append("</p>\n");
        if (result.refused() != null) {
            out.append("<p class=\"refused\">Refused: ")
                    .append(Html.text(result.refused()))
                    .append("</p></section>\n");
            return;
        }
        for (final Table table : result.tables()) {
            out.append("<h3>").append(Html.text(table.title())).append("</h3>\n");
            table(out, table);
            table.notes()
                    .forEach(note -> out.append("<p class=\"note\">")
                            .append(Html.text(note))
                            .append("</p>\n"));
        }
        for (final Plot plot : result.plots()) {
            out.append("<figure><figcaption>").append(Html.text(plot.title())).append("</figcaption>\n");
            out.append(Svg.plot(plot)).append("</figure>\n");
        }
        out.append("<details><summary>Settings</summary>\n");
        facts(out, result.settings());
        out.append("</details></section>\n");
    }

    private static void table(StringBuilder out, Table table) {
        out.append("<div class=\"scroll\"><table><thead><tr>");
        for (int column = 0; column < table.columns().size(); column++) {
            out.append(table.isNumeric(column) ? "<th scope=\"col\" class=\"number\">" : "<th scope=\"col\">")
                    .append(Html.text(table.columns().get(column)))
                    .append("</th>");
        }
        out.append("</tr></thead><tbody>\n");
        for (final List<Object> row : table.rows()) {
            out.append("<tr>");
            for (final Object cell : row) {
                final String text = Figures.cell(cell);
                final String kind = cell instanceof Double ? "number" : verdictClass(text);
                out.append("<td class=\"")
                        .append(kind)
                        .append("\">")
                        .append(Html.text(text))
                        .append("</td>");
            }
            out.append("</tr>\n");
        }
        out.append("</tbody></table></div>\n");
    }

    private static String verdictClass(String text) {
        return switch (text) {
            case "met", "missed", "refused" -> text;
            case "missed by both" -> "both";
            default -> "text";
        };
    }

    private static void facts(StringBuilder out, Map<String, String> facts) {
        out.append("<dl>");
        facts.forEach((name, value) -> out.append("<dt>")
                .append(Html.text(name))
                .append("</dt><dd>")
                .append(Html.text(value))
                .append("</dd>\n"));
        out.append("</dl>\n");
    }

    private static String curveStyle() {
        final String each = ".c# polyline { stroke: var(--c#); } .c# circle { fill: var(--c#); } "
                + ".k# { background: var(--c#); }\n";
        final StringBuilder out = new StringBuilder();
        for (int i = 0; i < Svg.COLOURS; i++) {
            out.append(each.replace("#", Integer.toString(i)));
        }
        return out.toString();
    }

    private static final String STYLE = """
            :root { color-scheme: light dark; --back: #fff; --ink: #1c2330; --soft: #5b6577; --rule: #dde2ea;
              --card: #f6f8fb; --good: #11703f; --bad: #b3261e; --limit: #8a5a00;
              --c0: #2563c9; --c1: #c2410c; --c2: #15803d;
              --c3: #9333b8; --c4: #a16207; --c5: #0e7490; --c6: #be185d; --c7: #57534e; }
            @media (prefers-color-scheme: dark) { :root { --back: #12161d; --ink: #e6eaf1; --soft: #9aa5b8;
              --rule: #2c3442; --card: #1a202b; --good: #5ad394; --bad: #ff8a80;
              --limit: #e5b93c; --c0: #7aa8ff; --c1: #ff9a5c;
              --c2: #63d38a; --c3: #d08bef; --c4: #e5b93c; --c5: #4cc7e0; --c6: #ff86b3; --c7: #b8b2ab; } }
            body { margin: 0 auto; max-width: 1060px; padding: 1.5rem; background: var(--back); color: var(--ink);
              font: 16px/1.5 system-ui, sans-serif; }
            h1 { margin: 0; } h2 { margin-top: 2.5rem; border-bottom: 2px solid var(--rule); }
            h3 { margin-bottom: .4rem; }
            header p, .about, .note, figcaption + p { color: var(--soft); } .note { margin: .3rem 0; font-size: .9rem; }
            .scroll { overflow-x: auto; } table { border-collapse: collapse; font-size: .92rem; min-width: 60%; }
            th { text-align: left; color: var(--soft); font-weight: 600; vertical-align: bottom; }
            th, td { padding: .3rem .8rem .3rem 0;
              border-bottom: 1px solid var(--rule); } .number { text-align: right; font-variant-numeric: tabular-nums; }
            .met { color: var(--good); font-weight: 700; } .missed, .refused { color: var(--bad); font-weight: 700; }
            .both { color: var(--limit); font-weight: 700; }
            figure { margin: 1.5rem 0; padding: 1rem; background: var(--card); border-radius: 8px; }
            figcaption { font-weight: 600; margin-bottom: .5rem; } svg { width: 100%; height: auto; }
            svg text { fill: var(--soft); font-size: 12px; } svg .axis { fill: var(--ink); }
            .grid { stroke: var(--rule); }
            polyline { fill: none; stroke-width: 2; } .more polyline { stroke-dasharray: 7 4; }
            .key.more { background-image: linear-gradient(90deg, transparent 40%, var(--card) 40%, var(--card) 60%,
              transparent 60%); } .legend { list-style: none; display: flex; flex-wrap: wrap;
              gap: .3rem 1.2rem; padding: 0; margin: .5rem 0 0; font-size: .9rem; } .key { display: inline-block;
              width: 1rem; height: .35rem; margin-right: .4rem; vertical-align: middle; border-radius: 2px; }
            dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.2rem; font-size: .92rem; }
            dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
            """;
}
