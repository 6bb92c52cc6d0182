// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.bench.pipeline;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The benchmark {@code memory}: a process with the dataplane's flags does the work. Started in the root folder. */
public final class MemoryMain {
    private MemoryMain() {}

    /** Runs it: {@code --out DIRECTORY [--quick]}. */
    public static void main(String... words) throws IOException, InterruptedException {
        Arguments.parse(words);
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(Arguments.dataplaneFlags());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), MemoryBenchmark.class.getName()));
        command.addAll(List.of(words));
        final int status = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (status != 0) {
            System.exit(status);
        }
    }
}
