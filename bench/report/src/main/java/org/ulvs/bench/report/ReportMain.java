// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.bench.report;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code RUNDIR [--fact NAME=VALUE…] [--markdown FILE]}: prints what the benchmarks in the folder measured, writes
 * results.json and report.html into it. Exit code 1 when a file is broken (the others are shown), 2 for wrong usage.
 */
public final class ReportMain {
    private static final List<String> ORDER = List.of("pipeline", "memory", "veth", "tcp", "start", "idle");
    private static final String RESULTS = "results.json";

    private ReportMain() {}

    /** Makes the report. */
    public static void main(String[] args) throws IOException {
        System.exit(run(
                args,
                new PrintStream(System.out, true, StandardCharsets.UTF_8),
                new PrintStream(System.err, true, StandardCharsets.UTF_8)));
    }

    static int run(String[] args, PrintStream out, PrintStream err) throws IOException {
        final Map<String, String> facts = new LinkedHashMap<>();
        Path folder = null;
        Path markdown = null;
        for (int i = 0; i < args.length; i++) {
            final boolean more = i + 1 < args.length;
            if (args[i].equals("--fact") && more && args[i + 1].indexOf('=') > 0) {
                final String fact = args[++i];
                facts.put(fact.substring(0, fact.indexOf('=')), fact.substring(fact.indexOf('=') + 1));
            } else if (args[i].equals("--markdown") && more) {
                markdown = Path.of(args[++i]);
            } else if (folder == null && !args[i].startsWith("-")) {
                folder = Path.of(args[i]);
            } else {
                err.println("report: unexpected argument \"" + args[i] + "\"");
                return 2;
            }
        }
        if (folder == null) {
            err.println("report: name the folder of the results");
            return 2;
        }
        return report(folder, facts, markdown, out, err);
    }

    private static int report(
            Path folder, Map<String, String> facts, @Nullable Path markdown, PrintStream out, PrintStream err)
            throws IOException {
        final JsonMapper json = JsonMapper.builder().build();
        final ObjectNode all = json.createObjectNode();
        final ObjectNode host = all.putObject("host");
        facts.forEach(host::put);
        final ObjectNode benchmarks = all.putObject("benchmarks");
        final List<Result> results = new ArrayList<>();
        int broken = 0;
        for (final Path file : files(folder)) {
            try {
                final Result result = ResultReader.read(file);
                results.add(result);
                final ObjectNode copy = (ObjectNode) json.readTree(Files.readString(file));
                copy.put("refused", result.refused());
                benchmarks.set(result.benchmark(), copy);
            } catch (final InvalidResultException e) {
                broken++;
                err.println("report: " + e.getMessage());
            }
        }
        Files.writeString(
                folder.resolve(RESULTS), json.writerWithDefaultPrettyPrinter().writeValueAsString(all));
        Files.writeString(folder.resolve("report.html"), Page.html(facts, results));
        if (markdown != null) {
            Files.writeString(markdown, Text.markdown(facts, results));
        }
        out.print(Text.plain(results));
        return broken == 0 ? 0 : 1;
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> list = Files.list(folder)) {
            return list.filter(file -> file.toString().endsWith(".json") && !file.endsWith(RESULTS))
                    .sorted((a, b) -> Integer.compare(rank(a), rank(b)))
                    .toList();
        }
    }

    private static int rank(Path file) {
        final int index = ORDER.indexOf(file.getFileName().toString().replace(".json", ""));
        return index < 0 ? ORDER.size() : index;
    }
}
