// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ulvs.bench.report.Result.Plot;
import org.ulvs.bench.report.Result.Point;
import org.ulvs.bench.report.Result.Scale;
import org.ulvs.bench.report.Result.Series;
import org.ulvs.bench.report.Result.Table;
import org.ulvs.bench.report.Result.Target;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads NAME.json of one benchmark and believes nothing of it. */
final class ResultReader {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final String file;

    private ResultReader(String file) {
        this.file = file;
    }

    /** The result in a file, refused when a NAME.noise with a sentence lies beside it. */
    static Result read(Path path) throws IOException, InvalidResultException {
        final Result result = parse(String.valueOf(path.getFileName()), Files.readString(path));
        final Path noise = path.resolveSibling(result.benchmark() + ".noise");
        if (result.refused() == null && Files.exists(noise)) {
            return result.refusedBecause(Files.readString(noise).strip());
        }
        return result;
    }

    static Result parse(String file, String text) throws InvalidResultException {
        final JsonNode root;
        try {
            root = JSON.readTree(text);
        } catch (final JacksonException e) {
            throw new InvalidResultException(file + " is not JSON: " + e.getOriginalMessage() + " (line "
                    + (e.getLocation() == null ? "?" : e.getLocation().getLineNr()) + ")");
        }
        final ResultReader reader = new ResultReader(file);
        if (root == null || !root.isObject()) {
            throw reader.invalid("the file", "is not an object");
        }
        final String name = reader.text(root, "", "benchmark");
        if (!file.equals(name + ".json")) {
            throw reader.invalid("benchmark", "is \"" + name + "\", which belongs into " + name + ".json");
        }
        return new Result(
                name,
                reader.settings(root),
                reader.tables(root),
                reader.plots(root),
                reader.targets(root),
                reader.textOrNull(root, "refused"));
    }

    private Map<String, String> settings(JsonNode root) throws InvalidResultException {
        final JsonNode node = root.path("settings");
        if (!node.isObject()) {
            throw invalid("settings", "is missing or is not an object");
        }
        final Map<String, String> settings = new LinkedHashMap<>();
        for (final Map.Entry<String, JsonNode> entry : node.properties()) {
            if (!entry.getValue().isValueNode()) {
                throw invalid("settings." + entry.getKey(), "is not a text");
            }
            settings.put(entry.getKey(), entry.getValue().asString());
        }
        return settings;
    }

    private List<Table> tables(JsonNode root) throws InvalidResultException {
        final List<Table> tables = new ArrayList<>();
        for (final JsonNode node : list(root, "", "tables")) {
            final String at = "tables[" + tables.size() + "].";
            final List<String> columns = texts(node, at, "columns");
            final List<List<Object>> rows = new ArrayList<>();
            for (final JsonNode row : list(node, at, "rows")) {
                final String where = at + "rows[" + rows.size() + "]";
                if (!row.isArray() || row.size() != columns.size()) {
                    throw invalid(where, "has " + row.size() + " cells where there are " + columns.size() + " columns");
                }
                rows.add(cells(row, where));
            }
            tables.add(new Table(text(node, at, "title"), columns, List.copyOf(rows), texts(node, at, "notes")));
        }
        return tables;
    }

    private List<Object> cells(JsonNode row, String where) throws InvalidResultException {
        final List<Object> cells = new ArrayList<>();
        for (final JsonNode cell : row.values()) {
            if (cell.isNumber()) {
                cells.add(cell.asDouble());
            } else if (cell.isString()) {
                cells.add(cell.asString());
            } else {
                throw invalid(where, "has a cell that is neither text nor number: " + cell);
            }
        }
        return cells;
    }

    private List<Plot> plots(JsonNode root) throws InvalidResultException {
        final List<Plot> plots = new ArrayList<>();
        for (final JsonNode node : list(root, "", "plots")) {
            final String at = "plots[" + plots.size() + "].";
            final Scale x = scale(node, at, "x");
            final Scale y = scale(node, at, "y");
            final List<Series> series = new ArrayList<>();
            for (final JsonNode curve : list(node, at, "series")) {
                final String where = at + "series[" + series.size() + "].";
                series.add(new Series(text(curve, where, "name"), points(curve, where, x, y)));
            }
            plots.add(new Plot(text(node, at, "title"), x, y, List.copyOf(series)));
        }
        return plots;
    }

    private List<Point> points(JsonNode curve, String at, Scale x, Scale y) throws InvalidResultException {
        final List<Point> points = new ArrayList<>();
        for (final JsonNode pair : list(curve, at, "points")) {
            final String where = at + "points[" + points.size() + "]";
            if (pair.size() != 2 || !pair.path(0).isNumber() || !pair.path(1).isNumber()) {
                throw invalid(where, "is not a pair of numbers: " + pair);
            }
            final Point point = new Point(pair.path(0).asDouble(), pair.path(1).asDouble());
            if ((x.logarithmic() && point.x() <= 0) || (y.logarithmic() && point.y() <= 0)) {
                throw invalid(where, "has no place on a logarithmic axis: " + pair);
            }
            points.add(point);
        }
        return points;
    }

    private Scale scale(JsonNode plot, String at, String name) throws InvalidResultException {
        final String scale = text(plot.path(name), at + name + ".", "scale");
        if (!scale.equals("log") && !scale.equals("linear")) {
            throw invalid(at + name + ".scale", "is \"" + scale + "\", not log or linear");
        }
        return new Scale(text(plot.path(name), at + name + ".", "label"), scale.equals("log"));
    }

    private List<Target> targets(JsonNode root) throws InvalidResultException {
        final List<Target> targets = new ArrayList<>();
        for (final JsonNode node : list(root, "", "targets")) {
            final String at = "targets[" + targets.size() + "].";
            final String relation = text(node, at, "relation");
            if (!relation.equals("<=") && !relation.equals(">=")) {
                throw invalid(at + "relation", "is \"" + relation + "\", not <= or >=");
            }
            final boolean atMost = relation.equals("<=");
            final Double figure = numberOrNull(node, at, "measured");
            if (!node.path("limit").isNumber()) {
                throw invalid(at + "limit", "is missing or is not a number");
            }
            final double limit = node.path("limit").asDouble();
            final boolean reached = figure != null && Target.reaches(figure, atMost, limit);
            if (!node.path("met").isBoolean() || (node.path("met").asBoolean() && !reached)) {
                throw invalid(at + "met", "is not what " + figure + " " + relation + " " + limit + " says");
            }
            targets.add(new Target(
                    text(node, at, "text"),
                    text(node, at, "unit"),
                    figure,
                    atMost,
                    limit,
                    node.path("met").asBoolean(),
                    numberOrNull(node, at, "reference"),
                    text(node, at, "note")));
        }
        return targets;
    }

    private @Nullable Double numberOrNull(JsonNode node, String at, String name) throws InvalidResultException {
        final JsonNode number = node.path(name);
        if (!number.isNumber() && !number.isNull()) {
            throw invalid(at + name, "is neither a number nor null");
        }
        return number.isNull() ? null : Double.valueOf(number.asDouble());
    }

    private List<String> texts(JsonNode node, String at, String name) throws InvalidResultException {
        final List<String> texts = new ArrayList<>();
        for (final JsonNode element : list(node, at, name)) {
            if (!element.isString()) {
                throw invalid(at + name, "has an element that is not a text: " + element);
            }
            texts.add(element.asString());
        }
        return texts;
    }

    private Iterable<JsonNode> list(JsonNode node, String at, String name) throws InvalidResultException {
        if (!node.path(name).isArray()) {
            throw invalid(at + name, "is missing or is not a list");
        }
        return node.path(name).values();
    }

    private String text(JsonNode node, String at, String name) throws InvalidResultException {
        if (!node.path(name).isString()) {
            throw invalid(at + name, "is missing or is not a text");
        }
        return node.path(name).asString();
    }

    private @Nullable String textOrNull(JsonNode node, String name) throws InvalidResultException {
        if (node.path(name).isNull()) {
            return null;
        }
        return text(node, "", name);
    }

    private InvalidResultException invalid(String where, String what) {
        return new InvalidResultException(file + ": " + where + " " + what);
    }
}
