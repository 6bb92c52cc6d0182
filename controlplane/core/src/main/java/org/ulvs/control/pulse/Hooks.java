// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.pulse;

import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs active_cmd and inactive_cmd: split at blanks, no shell, absolute path, not waited for. */
final class Hooks {
    private static final Logger LOG = LoggerFactory.getLogger("pulse");

    void run(String name, Optional<String> command) {
        if (command.isEmpty() || command.get().isBlank()) {
            return;
        }
        final List<String> words = List.of(command.get().strip().split("[ \t]+", -1));
        if (!words.get(0).startsWith("/")) {
            LOG.error("{} is not run: {} is not an absolute path", name, words.get(0));
            return;
        }
        try {
            final Process process = new ProcessBuilder(words)
                    .directory(new File("/"))
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            final var unused = process.onExit().thenAccept(ended -> {
                if (ended.exitValue() != 0) {
                    LOG.warn("{} ended with status {}", name, ended.exitValue());
                }
            });
        } catch (IOException e) {
            LOG.error("{} cannot be run: {}", name, e.getMessage());
        }
    }
}
