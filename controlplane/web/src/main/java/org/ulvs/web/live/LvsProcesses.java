// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.live;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The processes of LVS on this machine, from /proc. The list is made anew when it is asked for and two seconds old:
 * a busy machine has thousands of processes. Thread-safe.
 */
final class LvsProcesses {
    private static final Path PROC = Path.of("/proc");
    private static final long KEPT_MS = 2_000;
    private static final int MAX_COMMAND = 300;
    private static final Pattern PROGRAM =
            Pattern.compile(" org[.]ulvs[.](?:control[.]cli[.]Control (?=pulse|nanny)|engine[.]runtime[.]|web[.])"
                    + "((?:pulse|nanny|DataplaneMain|PiranhaGui)( .*)?)$");
    private static final Pattern INSTANCE = Pattern.compile(" --dir (\\S+)");

    private final Path directory;
    private final Clock clock;
    private List<ControlPlane.Task> last = List.of();
    private long readMs = Long.MIN_VALUE;

    /** Those of the instance in a directory. */
    LvsProcesses(Path directory, Clock clock) {
        this.directory = directory;
        this.clock = clock;
    }

    /** By process number. */
    synchronized List<ControlPlane.Task> now() {
        final long now = clock.millis();
        if (readMs == Long.MIN_VALUE || now - readMs >= KEPT_MS || now < readMs) {
            last = read();
            readMs = now;
        }
        return last;
    }

    private List<ControlPlane.Task> read() {
        final List<ControlPlane.Task> processes = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(PROC, "[1-9]*")) {
            for (final Path process : all) {
                task(process).ifPresent(processes::add);
            }
        } catch (IOException e) {
            return List.of();
        }
        processes.sort(Comparator.comparingLong(ControlPlane.Task::pid));
        return List.copyOf(processes);
    }

    private Optional<ControlPlane.Task> task(Path process) {
        try {
            final String command = new String(Files.readAllBytes(process.resolve("cmdline")), StandardCharsets.UTF_8)
                    .replace('\0', ' ')
                    .strip();
            return shown(command)
                    .map(text -> new ControlPlane.Task(
                            Long.parseLong(process.getFileName().toString()), text));
        } catch (IOException e) {
            // it has ended meanwhile
            return Optional.empty();
        }
    }

    /** A command line as people know it, if it is of this instance. Another instance says which directory it has. */
    private Optional<String> shown(String command) {
        final Matcher main = PROGRAM.matcher(command);
        final Matcher instance = INSTANCE.matcher(command);
        if (!main.find() || (instance.find() && !directory.equals(Path.of(instance.group(1))))) {
            return Optional.empty();
        }
        final String shown = main.group(1).replace("DataplaneMain", "dataplane").replace("PiranhaGui", "piranha-gui");
        return Optional.of(shown.substring(0, Math.min(MAX_COMMAND, shown.length())));
    }
}
