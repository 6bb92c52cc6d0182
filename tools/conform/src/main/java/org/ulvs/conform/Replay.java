// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.conform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Finds recordings and replays them. */
final class Replay {
    private static final JsonMapper JSON = new JsonMapper();

    private Replay() {}

    /** All recordings that the paths name, files or folders, in order of their names. */
    static List<Path> find(List<Path> paths) throws IOException {
        final List<Path> found = new ArrayList<>();
        for (final Path path : paths) {
            if (Files.isDirectory(path)) {
                try (Stream<Path> files = Files.walk(path)) {
                    files.filter(file -> file.toString().endsWith(".json"))
                            .filter(file -> !"cli.json".equals(String.valueOf(file.getFileName())))
                            .sorted()
                            .forEach(found::add);
                }
            } else {
                found.add(path);
            }
        }
        return found;
    }

    /** Replays one file. */
    static Outcome run(Path file) {
        try {
            final JsonNode recording = JSON.readTree(Files.readString(file));
            final String name = recording.path("name").asString(String.valueOf(file.getFileName()));
            final @Nullable String outOfScope = RecordingFormat.outOfScope(name, recording);
            if (outOfScope != null) {
                return new Outcome(file.toString(), name, Outcome.Verdict.REFUSED, null, outOfScope);
            }
            RecordingFormat.check(recording);
            final @Nullable Difference difference =
                    recording.has("packets") ? new PacketReplay(recording).run() : new VectorReplay(recording).run();
            return new Outcome(
                    file.toString(),
                    name,
                    difference == null ? Outcome.Verdict.PASSED : Outcome.Verdict.FAILED,
                    difference,
                    null);
        } catch (final IOException | JacksonException e) {
            return failed(file, "cannot read: " + e.getMessage());
        } catch (final RuntimeException e) {
            return failed(file, e.toString());
        }
    }

    private static Outcome failed(Path file, String reason) {
        return new Outcome(file.toString(), String.valueOf(file.getFileName()), Outcome.Verdict.FAILED, null, reason);
    }
}
