// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.pulse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Map;
import org.agrona.concurrent.EpochClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.ulvs.control.lvs.LvsStatus;
import org.ulvs.control.lvscf.Configuration;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/** Keeps the newest status in a file: written beside and renamed, so that a reader sees a whole one. */
public final class PulseStatusWriter {
    private static final Logger LOG = LoggerFactory.getLogger("pulse");
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private final PulseOptions options;
    private final EpochClock clock;
    private final long startedMs;
    private boolean failed;

    PulseStatusWriter(PulseOptions options, EpochClock clock) {
        this.options = options;
        this.clock = clock;
        this.startedMs = clock.time();
    }

    PulseStatus status(
            Role role,
            Configuration configuration,
            String state,
            String hash,
            boolean changedOnDisk,
            PulseStatus.Peer peer,
            Map<String, Long> counters,
            LvsStatus lvs) {
        return new PulseStatus(
                ProcessHandle.current().pid(),
                startedMs,
                clock.time(),
                role.name().toLowerCase(Locale.ROOT),
                configuration.failoverMode() ? "fos" : "lvs",
                state,
                options.configurationFile().toString(),
                configuration.serial(),
                hash,
                changedOnDisk,
                peer,
                counters,
                lvs);
    }

    /** A status as JSON. */
    static String text(PulseStatus status) {
        return JSON.writeValueAsString(status);
    }

    /** Reads a status that {@link #write} has written. */
    public static PulseStatus read(Path file) throws IOException {
        return JSON.readValue(Files.readAllBytes(file), PulseStatus.class);
    }

    void write(PulseStatus status) {
        final Path file = options.statusFile();
        final Path temporary = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.write(temporary, (text(status) + '\n').getBytes(StandardCharsets.UTF_8));
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            failed = false;
        } catch (IOException e) {
            if (!failed) {
                LOG.warn("cannot write {}: {}", file, e.getMessage());
            }
            failed = true;
        }
    }

    void remove() {
        try {
            Files.deleteIfExists(options.statusFile());
        } catch (IOException e) {
            LOG.debug("removing the status", e);
        }
    }
}
