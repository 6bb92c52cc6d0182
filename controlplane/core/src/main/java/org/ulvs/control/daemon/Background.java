// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.daemon;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Starts this very program again as a process of its own session, and waits until it is ready. */
public final class Background {
    /** Set in the environment of the process in the background. */
    public static final String MARK = "ULVS_BACKGROUND";

    private Background() {}

    /** Whether this process is the one in the background. */
    public static boolean inBackground() {
        return System.getenv(MARK) != null;
    }

    /**
     * Starts the program again.
     *
     * @param ready a file that the new process makes when it is ready
     * @param output takes what it writes to standard output and error
     * @return its exit code if it ended, else 0
     */
    public static int start(Path ready, Path output, long timeoutMs) throws IOException, InterruptedException {
        final ProcessHandle.Info self = ProcessHandle.current().info();
        final List<String> command = new ArrayList<>(List.of("setsid"));
        command.add(self.command().orElseThrow(() -> new IOException("cannot find out how this program was started")));
        command.addAll(List.of(self.arguments().orElse(new String[0])));
        final ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put(MARK, "1");
        Files.deleteIfExists(ready);
        final Process process = builder.start();
        final long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        while (System.nanoTime() < endNs) {
            if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
                System.err.print(Files.readString(output));
                return process.exitValue();
            }
            if (Files.exists(ready)) {
                return 0;
            }
        }
        System.err.println("still not ready after " + timeoutMs / 1000 + " s; see " + output);
        return 1;
    }
}
