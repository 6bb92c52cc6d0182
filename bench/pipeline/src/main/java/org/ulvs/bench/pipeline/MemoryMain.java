// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.bench.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The benchmark {@code memory}: processes with the dataplane's flags do the same work one after the other. Started in
 * the root folder.
 */
public final class MemoryMain {
    private static final int PASSES = 3;
    private static final int QUICK_PASSES = 1;

    private MemoryMain() {}

    /** Runs it: {@code --out DIRECTORY [--quick]}. */
    public static void main(String... words) throws IOException, InterruptedException {
        final Arguments arguments = Arguments.parse(words);
        final List<MemoryPass> passes = new ArrayList<>();
        for (int i = 0; i < (arguments.quick() ? QUICK_PASSES : PASSES); i++) {
            passes.add(pass());
        }
        new MemoryReport(passes).write(arguments.out());
    }

    private static MemoryPass pass() throws IOException, InterruptedException {
        final Path figures = Files.createTempFile("ulvs-memory", ".json");
        try {
            final List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(Arguments.dataplaneFlags());
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), MemoryBenchmark.class.getName()));
            command.add(figures.toString());
            final int status = new ProcessBuilder(command).inheritIO().start().waitFor();
            if (status != 0) {
                System.exit(status);
            }
            return MemoryPass.read(figures);
        } finally {
            Files.delete(figures);
        }
    }
}
