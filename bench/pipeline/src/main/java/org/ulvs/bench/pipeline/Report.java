// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.bench.pipeline;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What a benchmark hands over to the report: the shape that bench/README.md states. */
final class Report {
    private final String benchmark;
    private final Map<String, String> settings = new LinkedHashMap<>();
    private final List<Map<String, Object>> tables = new ArrayList<>();
    private final List<Map<String, Object>> plots = new ArrayList<>();
    private final List<Map<String, Object>> targets = new ArrayList<>();
    private @Nullable String refused;

    Report(String benchmark) {
        this.benchmark = benchmark;
    }

    void setting(String name, String value) {
        settings.put(name, value);
    }

    void table(String title, List<String> columns, List<? extends List<?>> rows, String... notes) {
        final Map<String, Object> table = new LinkedHashMap<>();
        table.put("title", title);
        table.put("columns", columns);
        table.put("rows", rows);
        table.put("notes", List.of(notes));
        tables.add(table);
    }

    /** A plot of nanoseconds a packet over a quantity on a logarithmic scale. */
    void plot(String title, String quantity, Map<String, ? extends List<? extends List<?>>> series) {
        final List<Map<String, Object>> lines = new ArrayList<>();
        series.forEach((name, points) -> {
            final Map<String, Object> line = new LinkedHashMap<>();
            line.put("name", name);
            line.put("points", points);
            lines.add(line);
        });
        final Map<String, Object> plot = new LinkedHashMap<>();
        plot.put("title", title);
        plot.put("x", Map.of("label", quantity, "scale", "log"));
        plot.put("y", Map.of("label", "ns/packet", "scale", "linear"));
        plot.put("series", lines);
        plots.add(plot);
    }

    /** A target that is met by at most so much. */
    void target(String text, String unit, double measured, double limit, String note) {
        final Map<String, Object> target = new LinkedHashMap<>();
        target.put("text", text);
        target.put("unit", unit);
        target.put("measured", rounded(measured));
        target.put("relation", "<=");
        target.put("limit", limit);
        target.put("met", measured <= limit);
        target.put("reference", null);
        target.put("note", note);
        targets.add(target);
    }

    /** Says why the figures are not to be trusted. */
    void refuse(String reason) {
        refused = reason;
    }

    static double rounded(double value) {
        return Math.round(value * 10) / 10.0;
    }

    void write(Path directory) {
        final Map<String, Object> all = new LinkedHashMap<>();
        all.put("benchmark", benchmark);
        all.put("settings", settings);
        all.put("tables", tables);
        all.put("plots", plots);
        all.put("targets", targets);
        all.put("refused", refused);
        JsonMapper.builder()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .build()
                .writeValue(directory.resolve(benchmark + ".json").toFile(), all);
    }
}
