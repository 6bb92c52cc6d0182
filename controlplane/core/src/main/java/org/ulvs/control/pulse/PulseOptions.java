// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.pulse;

import java.nio.file.Path;
import org.ulvs.cnc.InstanceFiles;

/**
 * How pulse is to run.
 *
 * @param configurationFile lvs.cf
 * @param directory of the dataplane's instance; pulse keeps its state there too
 * @param forceActive serve at once
 * @param norun never serve: watch only
 */
public record PulseOptions(Path configurationFile, Path directory, boolean forceActive, boolean norun) {
    /** Environment variable that names another folder for the journal. */
    public static final String JOURNAL_VARIABLE = "ULVS_JOURNAL";

    private static final Path DEFAULT_JOURNAL = Path.of("/var/lib/ulvs/journal");

    /** Where pulse keeps what others may read. */
    public Path stateDirectory() {
        return directory.resolve("pulse");
    }

    /** Newest status as JSON. */
    public Path statusFile() {
        return stateDirectory().resolve("status.json");
    }

    /** What the control plane has made in the dataplane. */
    public Path ownedFile() {
        return stateDirectory().resolve("owned");
    }

    /** Process id. */
    public Path pidFile() {
        return stateDirectory().resolve("pid");
    }

    /** Socket for requests. */
    public Path socketFile() {
        return stateDirectory().resolve("sock");
    }

    /** Folder of the journal: on a disk that outlives a reboot for the default instance. */
    public Path journalDirectory() {
        final String chosen = System.getenv(JOURNAL_VARIABLE);
        if (chosen != null) {
            return Path.of(chosen);
        }
        return directory.equals(Path.of(InstanceFiles.DEFAULT_DIRECTORY))
                ? DEFAULT_JOURNAL
                : stateDirectory().resolve("journal");
    }
}
